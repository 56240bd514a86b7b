/// Body of pause, resume, reset, revoke and regenerate-token; it may be left out.
public struct AgentActionRequest: Codable, Sendable, Equatable {
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
