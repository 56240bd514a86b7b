/// Answer to `POST /agents/{id}/tokens/rotate` (ROT-15).
public struct RotateTokenResponse: Codable, Sendable, Equatable {
    /// The rotation (`rot_…`).
    public var rotationID: String
    /// Whether the agent stored the new token.
    public var agentNotified: Bool
    /// Where the rotation stands.
    public var state: RotationStateName
    /// How urgent it is.
    public var mode: RotationModeName?
    /// How long the old token works after promotion.
    public var gracePeriodSeconds: Int64
    /// When the new token expires; absent while there is none, or if never.
    public var tokenExpiresAt: String?
    /// A sentence for people.
    public var message: String?

    /// Makes it from its fields.
    public init(
        rotationID: String,
        agentNotified: Bool,
        state: RotationStateName,
        mode: RotationModeName? = nil,
        gracePeriodSeconds: Int64,
        tokenExpiresAt: String? = nil,
        message: String? = nil
    ) {
        self.rotationID = rotationID
        self.agentNotified = agentNotified
        self.state = state
        self.mode = mode
        self.gracePeriodSeconds = gracePeriodSeconds
        self.tokenExpiresAt = tokenExpiresAt
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case rotationID = "rotation_id"
        case agentNotified = "agent_notified"
        case state
        case mode
        case gracePeriodSeconds = "grace_period_seconds"
        case tokenExpiresAt = "token_expires_at"
        case message
    }
}
