package enum AuditOutcome: String, CaseIterable, Sendable {
    case success, denied, failed
}

package enum AuditMode: String, CaseIterable, Sendable {
    case normal, setup
    case dryRun = "dry-run"
}

/// What an event is about: `agent` and its id, `setting` and its key.
package struct AuditTarget: Hashable, Sendable {
    package let kind: String
    package let id: String

    package init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }
}

/// One row of the audit trail (AUD-2).
///
/// It never holds a token, key, hash or password.
package struct AuditEvent: Hashable, Sendable {
    package var id: EventID
    /// Absent for events of the server itself and for callers that nobody could identify.
    package var organizationID: OrganizationID?
    package var workspaceID: WorkspaceID?
    package var time: Instant
    package var actor: Actor
    /// `agent.create`, `rotation.promote`, `session.login` and so on.
    package var action: String
    package var target: AuditTarget?
    package var outcome: AuditOutcome
    package var reason: String?
    package var surface: Surface
    package var mode: AuditMode
    package var address: String?
    package var userAgent: String?
    package var requestID: String?
    package var credentialID: CredentialID?
    package var credentialPrefix: String?
    /// The object before and after, and what else matters, as JSON text without secrets.
    package var before: String?
    package var after: String?
    package var details: String?
    /// How many occurrences the event stands for; more than 1 only for counted denials.
    package var count: Int64

    package init(
        id: EventID,
        organizationID: OrganizationID?,
        workspaceID: WorkspaceID?,
        time: Instant,
        actor: Actor,
        action: String,
        target: AuditTarget?,
        outcome: AuditOutcome,
        reason: String? = nil,
        surface: Surface,
        mode: AuditMode = .normal,
        address: String? = nil,
        userAgent: String? = nil,
        requestID: String? = nil,
        credentialID: CredentialID? = nil,
        credentialPrefix: String? = nil,
        before: String? = nil,
        after: String? = nil,
        details: String? = nil,
        count: Int64 = 1
    ) {
        self.id = id
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.time = time
        self.actor = actor
        self.action = action
        self.target = target
        self.outcome = outcome
        self.reason = reason
        self.surface = surface
        self.mode = mode
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
        self.credentialID = credentialID
        self.credentialPrefix = credentialPrefix
        self.before = before
        self.after = after
        self.details = details
        self.count = count
    }
}
