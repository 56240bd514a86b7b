/// Body of `POST /agents/{id}/tokens/rotate`; it may be left out.
public struct RotateTokenRequest: Codable, Sendable, Equatable {
    /// How urgent; `graceful` if absent.
    public var mode: RotationModeName?
    /// Why, for the audit trail; at most 500 characters.
    public var reason: String?
    /// How long to wait for the agent, 0 up to the acknowledgement time-out, which is the default.
    public var waitSeconds: Int?
    /// Whether a disconnected agent is refused instead of queued; false if absent.
    public var requireConnected: Bool?
    /// Has to be true for `force`, which may strand the agent.
    public var confirm: Bool?

    /// Makes it from its fields.
    public init(
        mode: RotationModeName? = nil,
        reason: String? = nil,
        waitSeconds: Int? = nil,
        requireConnected: Bool? = nil,
        confirm: Bool? = nil
    ) {
        self.mode = mode
        self.reason = reason
        self.waitSeconds = waitSeconds
        self.requireConnected = requireConnected
        self.confirm = confirm
    }

    private enum CodingKeys: String, CodingKey {
        case mode
        case reason
        case waitSeconds = "wait_seconds"
        case requireConnected = "require_connected"
        case confirm
    }
}
