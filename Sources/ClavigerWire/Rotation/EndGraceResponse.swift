/// Answer to `POST /agents/{id}/tokens/end-grace`.
public struct EndGraceResponse: Codable, Sendable, Equatable {
    /// Whether there was a previous token to end.
    public var ended: Bool
    /// When the previous token ended.
    public var previousValidUntil: String?

    /// Makes it from its fields.
    public init(ended: Bool, previousValidUntil: String? = nil) {
        self.ended = ended
        self.previousValidUntil = previousValidUntil
    }

    private enum CodingKeys: String, CodingKey {
        case ended
        case previousValidUntil = "previous_valid_until"
    }
}
