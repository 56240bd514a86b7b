/// An endpoint at which a limit refused calls of a token.
public struct ExceededEndpointResponse: Codable, Sendable, Equatable {
    /// The route's template, or the protected API.
    public var endpoint: String
    /// All calls of the token there.
    public var calls: Int
    /// Those that a limit refused.
    public var refused: Int
    /// The minute of the last refusal.
    public var lastRefusedAt: String

    /// Makes it from its fields.
    public init(endpoint: String, calls: Int, refused: Int, lastRefusedAt: String) {
        self.endpoint = endpoint
        self.calls = calls
        self.refused = refused
        self.lastRefusedAt = lastRefusedAt
    }

    private enum CodingKeys: String, CodingKey {
        case endpoint
        case calls
        case refused
        case lastRefusedAt = "last_refused_at"
    }
}
