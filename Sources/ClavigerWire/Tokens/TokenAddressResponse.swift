/// An address from which a token was used.
public struct TokenAddressResponse: Codable, Sendable, Equatable {
    /// The address.
    public var address: String
    /// When it was seen first.
    public var firstSeenAt: String
    /// When it was seen last.
    public var lastSeenAt: String
    /// How often.
    public var uses: Int64

    /// Makes it from its fields.
    public init(address: String, firstSeenAt: String, lastSeenAt: String, uses: Int64) {
        self.address = address
        self.firstSeenAt = firstSeenAt
        self.lastSeenAt = lastSeenAt
        self.uses = uses
    }

    private enum CodingKeys: String, CodingKey {
        case address
        case firstSeenAt = "first_seen_at"
        case lastSeenAt = "last_seen_at"
        case uses
    }
}
