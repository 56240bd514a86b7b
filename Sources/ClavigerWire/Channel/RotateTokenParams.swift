/// Params of `agent.rotate_token`.
public struct RotateTokenParams: Codable, Sendable, Equatable {
    /// The rotation (`rot_…`).
    public var rotationID: String
    /// Which token of this rotation it is, from 1.
    public var attempt: Int
    /// The new agent token.
    public var newToken: String
    /// When it expires; absent if never.
    public var expiresAt: String?
    /// How long the old token works after promotion.
    public var gracePeriodSeconds: Int64

    /// Makes it from its fields.
    public init(
        rotationID: String,
        attempt: Int,
        newToken: String,
        expiresAt: String? = nil,
        gracePeriodSeconds: Int64
    ) {
        self.rotationID = rotationID
        self.attempt = attempt
        self.newToken = newToken
        self.expiresAt = expiresAt
        self.gracePeriodSeconds = gracePeriodSeconds
    }

    private enum CodingKeys: String, CodingKey {
        case rotationID = "rotation_id"
        case attempt
        case newToken = "new_token"
        case expiresAt = "expires_at"
        case gracePeriodSeconds = "grace_period_seconds"
    }
}
