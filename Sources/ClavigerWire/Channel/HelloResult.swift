/// Result of `agent.hello`.
public struct HelloResult: Codable, Sendable, Equatable {
    /// What the channel is good for.
    public var mode: ChannelModeName
    /// The server's time.
    public var serverTime: String
    /// Id of the agent.
    public var agentID: String
    /// Generation of the credential's current token.
    public var generation: Int64
    /// When the presented token expires; absent if never.
    public var tokenExpiresAt: String?
    /// Settings the agent goes by, such as `heartbeat_seconds`; absent or empty on a renew-only channel.
    public var settings: [String: Int]?
    /// What the server understands beyond the frames of every version (``ChannelCapability``); none if absent.
    public var capabilities: [String]?

    /// Makes it from its fields.
    public init(
        mode: ChannelModeName,
        serverTime: String,
        agentID: String,
        generation: Int64,
        tokenExpiresAt: String? = nil,
        settings: [String: Int]? = nil,
        capabilities: [String]? = nil
    ) {
        self.mode = mode
        self.serverTime = serverTime
        self.agentID = agentID
        self.generation = generation
        self.tokenExpiresAt = tokenExpiresAt
        self.settings = settings
        self.capabilities = capabilities
    }

    private enum CodingKeys: String, CodingKey {
        case mode
        case serverTime = "server_time"
        case agentID = "agent_id"
        case generation
        case tokenExpiresAt = "token_expires_at"
        case settings
        case capabilities
    }
}
