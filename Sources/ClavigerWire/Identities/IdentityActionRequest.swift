/// Body of `POST /identities/{id}/rotate`, `/pause`, `/resume` and `/revoke`; it may be left out.
public struct IdentityActionRequest: Codable, Sendable, Equatable {
    /// Why, for the audit trail; at most 500 characters.
    public var reason: String?
    /// To rotate: which token of a service account (`crd_…`); its only one if absent.
    public var token: String?
    /// To rotate: how long the old text of a service token works, 0 to 604800; a day if absent.
    public var gracePeriodSeconds: Int64?
    /// True to make every check, write nothing but a denied attempt, and be told the plan.
    public var dryRun: Bool?

    /// Makes it from its fields.
    public init(
        reason: String? = nil,
        token: String? = nil,
        gracePeriodSeconds: Int64? = nil,
        dryRun: Bool? = nil
    ) {
        self.reason = reason
        self.token = token
        self.gracePeriodSeconds = gracePeriodSeconds
        self.dryRun = dryRun
    }

    private enum CodingKeys: String, CodingKey {
        case reason
        case token
        case gracePeriodSeconds = "grace_period_seconds"
        case dryRun = "dry_run"
    }
}
