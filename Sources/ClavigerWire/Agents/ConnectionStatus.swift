/// Whether an agent has an open channel.
public enum ConnectionStatus: String, Codable, Sendable, CaseIterable {
    /// Its channel is open.
    case connected
    /// It has no channel.
    case disconnected
}
