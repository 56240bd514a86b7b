/// Result of `agent.rotate_token`.
public struct RotateTokenResult: Codable, Sendable, Equatable {
    /// What became of the token.
    public var status: RotateTokenStatus
    /// When it became durable; with `ok`.
    public var rotatedAt: String?
    /// What went wrong; with `error`.
    public var error: String?

    /// Makes it from its fields.
    public init(status: RotateTokenStatus, rotatedAt: String? = nil, error: String? = nil) {
        self.status = status
        self.rotatedAt = rotatedAt
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case rotatedAt = "rotated_at"
        case error
    }
}
