/// A session, as its owner sees it.
public struct SessionResponse: Codable, Sendable, Equatable {
    /// Its id.
    public var id: String
    /// First characters of its token.
    public var prefix: String?
    /// When the sign-in was.
    public var createdAt: String
    /// When it was used last.
    public var lastUsedAt: String?
    /// When it ends at the latest.
    public var expiresAt: String
    /// Address it came from.
    public var address: String?
    /// Program it came from.
    public var userAgent: String?
    /// Whether it is the one that asks.
    public var isCurrent: Bool

    /// Makes it from its fields.
    public init(
        id: String,
        prefix: String? = nil,
        createdAt: String,
        lastUsedAt: String? = nil,
        expiresAt: String,
        address: String? = nil,
        userAgent: String? = nil,
        isCurrent: Bool
    ) {
        self.id = id
        self.prefix = prefix
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.address = address
        self.userAgent = userAgent
        self.isCurrent = isCurrent
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case prefix
        case createdAt = "created_at"
        case lastUsedAt = "last_used_at"
        case expiresAt = "expires_at"
        case address
        case userAgent = "user_agent"
        case isCurrent = "is_current"
    }
}
