/// How one limit of a token stands.
public struct VerifiedLimit: Codable, Sendable, Equatable {
    /// `burst`, `minute`, `hour`, `day` or `month`.
    public var name: String
    /// Units that may be used in the window.
    public var limit: Int
    /// Units that are left.
    public var left: Int
    /// When it is wholly free again.
    public var fullAt: String

    private enum CodingKeys: String, CodingKey {
        case name
        case limit
        case left
        case fullAt = "full_at"
    }
}
