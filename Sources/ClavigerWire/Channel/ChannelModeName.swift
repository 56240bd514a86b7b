/// What a channel is good for.
public enum ChannelModeName: String, Codable, Sendable, CaseIterable {
    /// Everything.
    case full
    /// Only hello, rotation, authentication and heartbeat (ROT-10).
    case renewOnly = "renew-only"
}
