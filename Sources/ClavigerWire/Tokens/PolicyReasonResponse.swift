/// Why a token is not as the organization's policy wants it.
public struct PolicyReasonResponse: Codable, Sendable, Equatable {
    /// `lifetime_too_long`, `without_expiry`, `without_addresses`, `rotation_overdue` or `scopes_not_allowed`.
    public var reason: String
    /// With `scopes_not_allowed`: the scopes that count no more.
    public var scopes: [String]?

    /// Makes it from its fields.
    public init(reason: String, scopes: [String]? = nil) {
        self.reason = reason
        self.scopes = scopes
    }

    private enum CodingKeys: String, CodingKey {
        case reason
        case scopes
    }
}
