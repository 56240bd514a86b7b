/// What an organization demands of its credentials.
public struct PolicyResponse: Codable, Sendable, Equatable {
    /// Longest life of a token by kind, `personal` or `service`, in days.
    public var maximumLifetimeDays: [String: Int]
    /// Kinds that need an expiry.
    public var expiryRequired: [String]
    /// What tokens of owners with a role may carry; a role that isn't named may carry all it holds.
    public var allowedScopes: [String: [String]]
    /// Whether service tokens need an address list.
    public var serviceTokensNeedAddresses: Bool
    /// How many tokens that aren't revoked one owner may have; null for no limit.
    public var maximumTokensPerOwner: Int?
    /// After how many days a token of a kind should have been rotated.
    public var rotationIntervalDays: [String: Int]
    /// Whether environment variables may stand over central keys; null for the server's setting.
    public var environmentOverridesKeys: Bool?
    /// Grows with every change; 0 while no policy was written.
    public var version: Int64

    /// Makes it from its fields.
    public init(
        maximumLifetimeDays: [String: Int],
        expiryRequired: [String],
        allowedScopes: [String: [String]],
        serviceTokensNeedAddresses: Bool,
        maximumTokensPerOwner: Int? = nil,
        rotationIntervalDays: [String: Int],
        environmentOverridesKeys: Bool? = nil,
        version: Int64
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

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(maximumLifetimeDays, forKey: .maximumLifetimeDays)
        try container.encode(expiryRequired, forKey: .expiryRequired)
        try container.encode(allowedScopes, forKey: .allowedScopes)
        try container.encode(serviceTokensNeedAddresses, forKey: .serviceTokensNeedAddresses)
        try container.encode(maximumTokensPerOwner, forKey: .maximumTokensPerOwner)
        try container.encode(rotationIntervalDays, forKey: .rotationIntervalDays)
        try container.encode(environmentOverridesKeys, forKey: .environmentOverridesKeys)
        try container.encode(version, forKey: .version)
    }
}
