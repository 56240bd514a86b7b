/// Result of `agent.authenticate`.
public struct AuthenticateResult: Codable, Sendable, Equatable {
    /// Generation of the credential after promotion.
    public var generation: Int64
    /// What the channel is good for now.
    public var mode: ChannelModeName?
    /// When the token expires; absent if never.
    public var tokenExpiresAt: String?

    /// Makes it from its fields.
    public init(generation: Int64, mode: ChannelModeName? = nil, tokenExpiresAt: String? = nil) {
        self.generation = generation
        self.mode = mode
        self.tokenExpiresAt = tokenExpiresAt
    }

    private enum CodingKeys: String, CodingKey {
        case generation
        case mode
        case tokenExpiresAt = "token_expires_at"
    }
}
