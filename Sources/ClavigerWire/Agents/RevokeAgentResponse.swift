/// Answer to `POST /agents/{id}/tokens/revoke`.
public struct RevokeAgentResponse: Codable, Sendable, Equatable {
    /// Always `revoked`.
    public var status: AgentStatus
    /// Always `disconnected`.
    public var connection: ConnectionStatus
    /// How many live credentials this call revoked; 0 when it was done before.
    public var revokedCredentials: Int

    /// Makes it from its fields.
    public init(status: AgentStatus, connection: ConnectionStatus, revokedCredentials: Int) {
        self.status = status
        self.connection = connection
        self.revokedCredentials = revokedCredentials
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case connection
        case revokedCredentials = "revoked_credentials"
    }
}
