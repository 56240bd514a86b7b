/// Answer to pause and resume.
public struct AgentStateResponse: Codable, Sendable, Equatable {
    /// Where the agent stands now.
    public var status: AgentStatus
    /// Whether its channel is open.
    public var connection: ConnectionStatus

    /// Makes it from its fields.
    public init(status: AgentStatus, connection: ConnectionStatus) {
        self.status = status
        self.connection = connection
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case connection
    }
}
