internal import Domain
internal import Store
internal import StrictJSON

extension Notification {
    /// What whoever it concerns hears of a token: its owner, or of a service token those who manage the organization.
    init(
        of token: APIToken,
        kind: String,
        once: String,
        _ fields: [(String, JSONValue)],
        id: NotificationID,
        at now: Instant
    ) {
        var user: UserID?
        if case .user(let id) = token.owner { user = id }
        let body: [(String, JSONValue)] = [
            ("token_id", .string(token.id.text)),
            ("name", .string(SecretRedaction.redact(token.profile.name))),
            ("owner_id", .string(token.owner.id)),
            ("workspace_id", .string(token.workspaceID.text)),
        ]
        self.init(
            id: id,
            organizationID: token.organizationID,
            userID: user,
            kind: kind,
            subject: .token(token.id),
            once: once,
            body: JSONValue.object(JSONObject(body + fields)).text,
            createdAt: now
        )
    }

    /// Somebody demanded a rotation: past this time the token counts as expired unless its new text was collected
    /// (ROT-13, TOK-7).
    static func rotationRequired(
        of token: APIToken,
        by deadline: Instant,
        id: NotificationID,
        at now: Instant
    ) -> Notification {
        Notification(
            of: token,
            kind: "token.rotation_required",
            once: "token.rotation_required/\(token.id.text)/\(token.generation)/\(deadline.microseconds)",
            [("rotation_required_by", .string(deadline.rfc3339))],
            id: id,
            at: now
        )
    }
}
