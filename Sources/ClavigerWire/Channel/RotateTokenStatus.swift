/// What became of a new token at the agent.
public enum RotateTokenStatus: String, Codable, Sendable, CaseIterable {
    /// It is durable.
    case ok
    /// It could not be stored.
    case error
}
