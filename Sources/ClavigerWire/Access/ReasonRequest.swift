/// Body of actions that may state a reason.
public struct ReasonRequest: Codable, Sendable, Equatable {
    /// 1 to 500 characters, for the audit trail.
    public var reason: String?

    /// Makes it from its fields.
    public init(reason: String? = nil) {
        self.reason = reason
    }

    private enum CodingKeys: String, CodingKey {
        case reason
    }
}
