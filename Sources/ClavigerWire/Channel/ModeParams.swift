/// Params of `agent.mode`: what the channel is good for from now on.
public struct ModeParams: Codable, Sendable, Equatable {
    /// The mode.
    public var mode: ChannelModeName

    /// Makes it from its fields.
    public init(mode: ChannelModeName) {
        self.mode = mode
    }

    private enum CodingKeys: String, CodingKey {
        case mode
    }
}
