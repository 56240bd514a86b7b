/// Where an agent stands in its life.
public enum AgentStatus: String, Codable, Sendable, CaseIterable {
    /// Created or reset; it never used an agent token on the channel.
    case pending
    /// It may work.
    case active
    /// Paused by a person; nothing of it works until it is resumed.
    case paused
    /// Dead for ever, unless it is reset.
    case revoked
}
