/// Params of `agent.close`, sent before the close frame.
public struct CloseParams: Codable, Sendable, Equatable {
    /// Name of the close code, see ``ChannelCloseCode``.
    public var reason: String
    /// The close code that follows.
    public var code: Int
    /// A sentence for the log.
    public var message: String?

    /// Makes it from its fields.
    public init(reason: String, code: Int, message: String? = nil) {
        self.reason = reason
        self.code = code
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case reason
        case code
        case message
    }
}
