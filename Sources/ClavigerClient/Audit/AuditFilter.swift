/// Which audit events a list shows.
public struct AuditFilter: Sendable {
    /// Only these actions, such as `agent.revoke`; all if empty.
    public var actions: [String]
    /// Only this outcome: `success`, `denied` or `failed`.
    public var outcome: String?
    /// Only what this actor did.
    public var actorID: String?
    /// Only what was done to this object, such as `agent` and its id.
    public var target: (kind: String, id: String)?
    /// Only events at or after this time (RFC 3339).
    public var since: String?
    /// Only events before this time (RFC 3339).
    public var until: String?
    /// Whose events: the organization's if nil.
    public var scope: Scope?

    /// Whose events a list shows.
    public enum Scope: String, Sendable, CaseIterable {
        /// Those of the caller's organization.
        case organization
        /// Those of the server itself, which belong to no organization; for server administrators.
        case server
    }

    /// Makes a filter; what is nil or empty does not filter.
    public init(
        actions: [String] = [],
        outcome: String? = nil,
        actorID: String? = nil,
        target: (kind: String, id: String)? = nil,
        since: String? = nil,
        until: String? = nil,
        scope: Scope? = nil
    ) {
        self.actions = actions
        self.outcome = outcome
        self.actorID = actorID
        self.target = target
        self.since = since
        self.until = until
        self.scope = scope
    }
}
