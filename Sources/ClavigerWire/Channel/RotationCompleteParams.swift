/// Params of `agent.rotation_complete`.
public struct RotationCompleteParams: Codable, Sendable, Equatable {
    /// The rotation.
    public var rotationID: String
    /// The attempt.
    public var attempt: Int

    /// Makes it from its fields.
    public init(rotationID: String, attempt: Int) {
        self.rotationID = rotationID
        self.attempt = attempt
    }

    private enum CodingKeys: String, CodingKey {
        case rotationID = "rotation_id"
        case attempt
    }
}
