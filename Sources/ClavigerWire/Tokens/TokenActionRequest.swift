/// Body of pause, resume and revoke; it may be left out.
public struct TokenActionRequest: Codable, Sendable, Equatable {
    /// Why, for the audit trail; at most 500 characters.
    public var reason: String?

    /// Makes it from its fields.
    public init(reason: String? = nil) {
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case reason
    }
}
