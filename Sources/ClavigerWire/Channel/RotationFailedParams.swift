/// Params of `agent.rotation_failed`.
public struct RotationFailedParams: Codable, Sendable, Equatable {
    /// The rotation.
    public var rotationID: String
    /// The attempt.
    public var attempt: Int
    /// What went wrong.
    public var error: String

    /// Makes it from its fields.
    public init(rotationID: String, attempt: Int, error: String) {
        self.rotationID = rotationID
        self.attempt = attempt
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case rotationID = "rotation_id"
        case attempt
        case error
    }
}
