/// Settings that the server hands to an agent.
public struct ChannelSettings: Codable, Sendable, Equatable {
    /// How often the agent sends `agent.heartbeat`.
    public var heartbeatSeconds: Int64
    /// After how much silence the server closes the channel.
    public var idleSeconds: Int64

    /// Makes it from its fields.
    public init(heartbeatSeconds: Int64, idleSeconds: Int64) {
        self.heartbeatSeconds = heartbeatSeconds
        self.idleSeconds = idleSeconds
    }

    private enum CodingKeys: String, CodingKey {
        case heartbeatSeconds = "heartbeat_seconds"
        case idleSeconds = "idle_seconds"
    }
}
