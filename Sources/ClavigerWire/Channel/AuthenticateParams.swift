/// Params of `agent.authenticate`, the proof that promotes.
public struct AuthenticateParams: Codable, Sendable, Equatable {
    /// The new token.
    public var token: String

    /// Makes it from its fields.
    public init(token: String) {
        self.token = token
    }

    private enum CodingKeys: String, CodingKey {
        case token
    }
}
