internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Who may see and change which token; for everybody else it doesn't exist (ORG-1).
struct TokenAuthority: Sendable {
    let context: ControlPlaneContext

    /// What is done to a token: by its owner, to another person's, or to a service account's.
    enum Deed: String, Sendable {
        case update, rotate, pause, resume, revoke

        /// What the audit trail calls it.
        var name: String { "token.\(rawValue)" }

        /// Whether it has to work on a full disk too (AUD-1).
        var isUrgent: Bool { self == .pause || self == .revoke }

        fileprivate var own: ScopeAction {
            switch self {
            case .update: .tokensUpdate
            case .rotate: .tokensRotate
            case .pause: .tokensPause
            case .resume: .tokensResume
            case .revoke: .tokensRevoke
            }
        }

        fileprivate var ofService: ScopeAction {
            switch self {
            case .update: .serviceAccountsUpdate
            case .rotate: .serviceAccountsRotate
            case .pause: .serviceAccountsPause
            case .resume: .serviceAccountsResume
            case .revoke: .serviceAccountsRevoke
            }
        }
    }

    /// The action that a deed is, by whose token it is done to.
    static func action(_ deed: Deed, to token: APIToken, by caller: Caller) -> ScopeAction {
        switch token.owner {
        case .serviceAccount: deed.ofService
        case .user: caller.owns(token) ? deed.own : .tokensManage
        }
    }

    /// Whether the caller may do this where the token lies.
    ///
    /// What somebody may do in one workspace is worth nothing in another (ORG-6): there a person is judged anew by
    /// their roles, overrides and all, and a token may do nothing at all.
    static func isHeld(
        _ action: ScopeAction,
        by caller: Caller,
        where token: APIToken,
        in tx: borrowing Transaction
    ) throws -> Bool {
        guard token.workspaceID != caller.workspaceID else { return try caller.mayNow(action, in: tx) }
        guard case .holder = caller.rights else { return false }
        let standing = try CallerStanding(
            of: caller,
            organization: token.organizationID,
            workspace: token.workspaceID,
            in: tx
        )
        return standing.held.contains(action.permission)
    }

    /// The token for a change of it, if the caller may do this to it where it lies; whoever signed in may do to their
    /// own tokens what they may do to them anywhere.
    ///
    /// What the caller may do where they act was asked before.
    static func token(
        _ id: CredentialID,
        for caller: Caller,
        doing deed: Deed,
        in tx: borrowing Transaction
    ) throws -> APIToken {
        let token = try token(id, for: caller, in: tx)
        guard token.workspaceID != caller.workspaceID else { return token }
        if case .holder = caller.rights, caller.owns(token) { return token }
        let action = action(deed, to: token, by: caller)
        guard try isHeld(action, by: caller, where: token, in: tx) else {
            let permission = action.permission.rawValue
            throw AccessViolation("needs \(permission) in \(token.workspaceID.text)").error(
                .permissionDenied,
                "This needs the permission \(permission) in the token's own workspace."
            )
        }
        return token
    }

    /// The token, if the caller may see it; another's answers like one that doesn't exist.
    ///
    /// A transaction that may change it has it for itself from here on.
    static func token(_ id: CredentialID, for caller: Caller, in tx: borrowing Transaction) throws -> APIToken {
        if tx.isWritable { try APITokenStore.lock(id, organization: caller.organizationID, in: tx) }
        guard let token = try APITokenStore.get(id, organization: caller.organizationID, in: tx), caller.maySee(token)
        else {
            throw ControlPlaneError.notFound("token")
        }
        return token
    }

    /// Writes that somebody tried to give more than may be given (ORG-7), and answers the refusal.
    func refusal(
        _ excess: PermissionExceedsOwner,
        to caller: Caller,
        action: String,
        target: AuditTarget?
    ) async -> ControlPlaneError {
        let reason = "policy violation: \(excess.message)"
        await context.recordDenial(of: action, to: caller, target: target, reason: reason)
        return ControlPlaneError(exceeding: excess)
    }
}

extension ControlPlaneError {
    /// The refusal of an attempt to give or to see more than the caller may do.
    init(exceeding excess: PermissionExceedsOwner, cause: (any Error)? = nil) {
        let scopes = excess.excesses.compactMap(\.scope).map { JSONValue.string($0) }
        self.init(.permissionExceedsOwner, excess.message, details: ["scopes": .array(scopes)], cause: cause)
    }
}

extension Caller {
    /// Whether the token is the caller's own, or the one the caller shows.
    func owns(_ token: APIToken) -> Bool {
        if credentialID == token.id { return true }
        guard case .user(let id) = token.owner, actor.kind == .user else { return false }
        return actor.id == id.text && organizationID == token.organizationID
    }

    /// Whether the token exists for the caller: their own; those of the workspace for who manages tokens there; all of
    /// the organization for who reads its audit trail.
    func maySee(_ token: APIToken) -> Bool {
        guard organizationID == token.organizationID else { return false }
        if owns(token) || decide(.auditRead) == .allowed { return true }
        guard workspaceID == token.workspaceID else { return false }
        return decide(.tokensManage) == .allowed
            || token.kind == .service && decide(.serviceAccountsRead) == .allowed
    }

    /// Whether the caller may see from where the token was used: its owner, and who reads the audit trail (TOK-4).
    func maySeeAddresses(of token: APIToken) -> Bool { owns(token) || decide(.auditRead) == .allowed }
}
