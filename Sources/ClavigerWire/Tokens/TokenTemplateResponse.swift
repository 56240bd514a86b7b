/// A recommended beginning for a token of a common use.
public struct TokenTemplateResponse: Codable, Sendable, Equatable {
    /// Its id, such as `ci-cd`.
    public var id: String
    /// Its name.
    public var name: String
    /// What such a token is for.
    public var description: String
    /// `personal` or `service`.
    public var kind: String
    /// Recommended scopes.
    public var scopes: [String]
    /// Recommended life.
    public var expiresInDays: Int
    /// Whether the token should be bound to addresses.
    public var recommendsAddresses: Bool
    /// Recommended calls a minute.
    public var perMinute: Int
    /// Recommended calls a day.
    public var perDay: Int

    /// Makes it from its fields.
    public init(
        id: String,
        name: String,
        description: String,
        kind: String,
        scopes: [String],
        expiresInDays: Int,
        recommendsAddresses: Bool,
        perMinute: Int,
        perDay: Int
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.kind = kind
        self.scopes = scopes
        self.expiresInDays = expiresInDays
        self.recommendsAddresses = recommendsAddresses
        self.perMinute = perMinute
        self.perDay = perDay
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case description
        case kind
        case scopes
        case expiresInDays = "expires_in_days"
        case recommendsAddresses = "recommends_addresses"
        case perMinute = "per_minute"
        case perDay = "per_day"
    }
}
