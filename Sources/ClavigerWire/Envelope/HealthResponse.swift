/// Answer to `/healthz` and `/readyz`.
public struct HealthResponse: Codable, Sendable, Equatable {
    /// `ok` or `unavailable`.
    public var status: String
    /// What is missing.
    public var problems: [String]?

    /// Makes it from its fields.
    public init(status: String, problems: [String]? = nil) {
        self.status = status
        self.problems = problems
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case problems
    }
}
