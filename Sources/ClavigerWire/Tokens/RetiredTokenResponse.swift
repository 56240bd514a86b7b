/// A text of a token that counts no more.
public struct RetiredTokenResponse: Codable, Sendable, Equatable {
    /// Its generation.
    public var generation: Int64
    /// Its first characters.
    public var prefix: String
    /// When it was replaced, or its grace ended.
    public var retiredAt: String
    /// How often it was tried since, counted once a minute.
    public var uses: Int64
    /// When it was tried last.
    public var lastUsedAt: String?

    /// Makes it from its fields.
    public init(generation: Int64, prefix: String, retiredAt: String, uses: Int64, lastUsedAt: String? = nil) {
        self.generation = generation
        self.prefix = prefix
        self.retiredAt = retiredAt
        self.uses = uses
        self.lastUsedAt = lastUsedAt
    }

    private enum CodingKeys: String, CodingKey {
        case generation
        case prefix
        case retiredAt = "retired_at"
        case uses
        case lastUsedAt = "last_used_at"
    }
}
