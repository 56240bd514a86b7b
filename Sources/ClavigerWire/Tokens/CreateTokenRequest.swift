/// Body of `POST /tokens` and of `POST /service-accounts/{id}/tokens`.
///
/// Exactly one of `expires_in_days`, `expires_at` and `never_expires` says when the token ends.
public struct CreateTokenRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters; unique among the owner's tokens.
    public var name: String
    /// What it is for.
    public var description: String?
    /// What it may do: 1 to 100 scopes such as `agents:read`.
    public var scopes: [String]
    /// Tags; none if absent.
    public var tags: [String]?
    /// Addresses and ranges from where it may be used; anywhere if absent or empty.
    public var addresses: [String]?
    /// The service or integration it serves; a protected API's audience is compared with it.
    public var serves: String?
    /// Limits of its own; those that are absent are the plan's.
    public var limits: TokenLimits?
    /// Its life in days: 7, 30, 90 or 365.
    public var expiresInDays: Int?
    /// When it ends, in RFC 3339.
    public var expiresAt: String?
    /// True for a token without an end, if the organization's policy allows it.
    public var neverExpires: Bool?

    /// Makes it from its fields.
    public init(
        name: String,
        description: String? = nil,
        scopes: [String],
        tags: [String]? = nil,
        addresses: [String]? = nil,
        serves: String? = nil,
        limits: TokenLimits? = nil,
        expiresInDays: Int? = nil,
        expiresAt: String? = nil,
        neverExpires: Bool? = nil
    ) {
        self.name = name
        self.description = description
        self.scopes = scopes
        self.tags = tags
        self.addresses = addresses
        self.serves = serves
        self.limits = limits
        self.expiresInDays = expiresInDays
        self.expiresAt = expiresAt
        self.neverExpires = neverExpires
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case scopes
        case tags
        case addresses
        case serves
        case limits
        case expiresInDays = "expires_in_days"
        case expiresAt = "expires_at"
        case neverExpires = "never_expires"
    }
}
