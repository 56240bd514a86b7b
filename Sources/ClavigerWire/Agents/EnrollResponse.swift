/// Answer to `POST /agents/enroll`.
public struct EnrollResponse: Codable, Sendable, Equatable {
    /// Id of the agent (`agt_…`).
    public var agentID: String
    /// Id of its credential (`crd_…`); part of what the channel proof signs.
    public var credentialID: String
    /// The agent token, shown once.
    public var agentToken: String
    /// When it expires; absent if never.
    public var tokenExpiresAt: String?
    /// The server's time.
    public var serverTime: String?

    /// Makes it from its fields.
    public init(
        agentID: String,
        credentialID: String,
        agentToken: String,
        tokenExpiresAt: String? = nil,
        serverTime: String? = nil
    ) {
        self.agentID = agentID
        self.credentialID = credentialID
        self.agentToken = agentToken
        self.tokenExpiresAt = tokenExpiresAt
        self.serverTime = serverTime
    }

    private enum CodingKeys: String, CodingKey {
        case agentID = "agent_id"
        case credentialID = "credential_id"
        case agentToken = "agent_token"
        case tokenExpiresAt = "token_expires_at"
        case serverTime = "server_time"
    }
}
