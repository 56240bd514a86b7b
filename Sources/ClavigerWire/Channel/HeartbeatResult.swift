/// Result of `agent.heartbeat`.
public struct HeartbeatResult: Codable, Sendable, Equatable {
    /// The server's time.
    public var serverTime: String
    /// What the channel is good for.
    public var mode: ChannelModeName?

    /// Makes it from its fields.
    public init(serverTime: String, mode: ChannelModeName? = nil) {
        self.serverTime = serverTime
        self.mode = mode
    }

    private enum CodingKeys: String, CodingKey {
        case serverTime = "server_time"
        case mode
    }
}
