/// Answer to `/healthz` and `/readyz`.
public struct HealthResponse: Codable, Sendable, Equatable {
    /// `ok` or `unavailable`.
    public var status: String
    /// What is missing.
    public var problems: [String]?

    /// How far this node has followed the change log; `/readyz` only.
    public var changeLog: ChangeLog?

    /// How far a node has followed the change log.
    public struct ChangeLog: Codable, Sendable, Equatable {
        /// How long ago the last look began that succeeded; nil before the first.
        public var lagMilliseconds: Int?
        /// Entries read since the start.
        public var entries: Int

        /// Makes it from its fields.
        public init(lagMilliseconds: Int?, entries: Int) {
            self.lagMilliseconds = lagMilliseconds
            self.entries = entries
        }

        private enum CodingKeys: String, CodingKey {
            case lagMilliseconds = "lag_milliseconds"
            case entries
        }
    }

    /// Makes it from its fields.
    public init(status: String, problems: [String]? = nil, changeLog: ChangeLog? = nil) {
        self.status = status
        self.problems = problems
        self.changeLog = changeLog
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case problems
        case changeLog = "change_log"
    }
}
