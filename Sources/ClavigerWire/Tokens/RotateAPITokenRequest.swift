/// Body of `POST /tokens/{id}/rotate`; it may be left out.
public struct RotateAPITokenRequest: Codable, Sendable, Equatable {
    /// How long the old text works, 0 to 604800; by default a day for service tokens, nothing for personal ones,
    /// and at least an hour for a token that rotates itself.
    public var gracePeriodSeconds: Int64?
    /// Why, for the audit trail; at most 500 characters.
    public var reason: String?

    /// Makes it from its fields.
    public init(gracePeriodSeconds: Int64? = nil, reason: String? = nil) {
        self.gracePeriodSeconds = gracePeriodSeconds
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case gracePeriodSeconds = "grace_period_seconds"
        case reason
    }
}
