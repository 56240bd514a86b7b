/// Answer to a bulk operation; no text of any token is in it.
public struct BulkTokensResponse: Codable, Sendable, Equatable {
    /// Whether nothing was changed.
    public var dryRun: Bool
    /// One line for each token that the filter found.
    public var data: [BulkTokenLineResponse]
    /// What the next request wants as its cursor; null if no token is left.
    public var nextCursor: String?

    /// Makes it from its fields.
    public init(dryRun: Bool, data: [BulkTokenLineResponse], nextCursor: String? = nil) {
        self.dryRun = dryRun
        self.data = data
        self.nextCursor = nextCursor
    }

    private enum CodingKeys: String, CodingKey {
        case dryRun = "dry_run"
        case data
        case nextCursor = "next_cursor"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(data, forKey: .data)
        try container.encode(nextCursor, forKey: .nextCursor)
    }
}
