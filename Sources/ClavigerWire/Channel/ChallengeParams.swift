/// Params of `agent.challenge`, the first frame of a channel.
public struct ChallengeParams: Codable, Sendable, Equatable {
    /// 32 random bytes as base64url.
    public var nonce: String
    /// The server's time.
    public var serverTime: String

    /// Makes it from its fields.
    public init(nonce: String, serverTime: String) {
        self.nonce = nonce
        self.serverTime = serverTime
    }

    private enum CodingKeys: String, CodingKey {
        case nonce
        case serverTime = "server_time"
    }
}
