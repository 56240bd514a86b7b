/// Params of `agent.heartbeat`.
public struct HeartbeatParams: Codable, Sendable, Equatable {
    /// The agent's time, for diagnosis.
    public var sentAt: String?

    /// Makes it from its fields.
    public init(sentAt: String? = nil) {
        self.sentAt = sentAt
    }

    private enum CodingKeys: String, CodingKey {
        case sentAt = "sent_at"
    }
}
