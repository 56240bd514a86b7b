/// Body of `PUT /policy`: the whole policy; a part that is absent demands nothing.
public struct PolicyRequest: Codable, Sendable, Equatable {
    /// Longest life of a token by kind, `personal` or `service`, in days.
    public var maximumLifetimeDays: [String: Int]?
    /// Kinds that need an expiry.
    public var expiryRequired: [String]?
    /// What tokens of owners with a role may carry.
    public var allowedScopes: [String: [String]]?
    /// Whether service tokens need an address list.
    public var serviceTokensNeedAddresses: Bool?
    /// How many tokens that aren't revoked one owner may have.
    public var maximumTokensPerOwner: Int?
    /// After how many days a token of a kind should have been rotated.
    public var rotationIntervalDays: [String: Int]?
    /// Whether environment variables may stand over central keys.
    public var environmentOverridesKeys: Bool?
    /// Version that was read; another one now is refused.
    public var version: Int64?

    /// Makes it from its fields.
    public init(
        maximumLifetimeDays: [String: Int]? = nil,
        expiryRequired: [String]? = nil,
        allowedScopes: [String: [String]]? = nil,
        serviceTokensNeedAddresses: Bool? = nil,
        maximumTokensPerOwner: Int? = nil,
        rotationIntervalDays: [String: Int]? = nil,
        environmentOverridesKeys: Bool? = nil,
        version: Int64? = nil
    ) {
        self.maximumLifetimeDays = maximumLifetimeDays
        self.expiryRequired = expiryRequired
        self.allowedScopes = allowedScopes
        self.serviceTokensNeedAddresses = serviceTokensNeedAddresses
        self.maximumTokensPerOwner = maximumTokensPerOwner
        self.rotationIntervalDays = rotationIntervalDays
        self.environmentOverridesKeys = environmentOverridesKeys
        self.version = version
    }

    private enum CodingKeys: String, CodingKey {
        case maximumLifetimeDays = "maximum_lifetime_days"
        case expiryRequired = "expiry_required"
        case allowedScopes = "allowed_scopes"
        case serviceTokensNeedAddresses = "service_tokens_need_addresses"
        case maximumTokensPerOwner = "maximum_tokens_per_owner"
        case rotationIntervalDays = "rotation_interval_days"
        case environmentOverridesKeys = "environment_overrides_keys"
        case version
    }
}
