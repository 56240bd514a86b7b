/// Body of `POST /tokens/bulk/tag`.
public struct BulkTagTokensRequest: Codable, Sendable, Equatable {
    /// Which tokens.
    public var filter: TokenFilterRequest
    /// Tags that each token gets.
    public var addTags: [String]?
    /// Tags that are taken from each token.
    public var removeTags: [String]?
    /// Makes every check and tells what would happen; nothing is changed.
    public var dryRun: Bool?
    /// Has to be true unless it is a dry run.
    public var confirm: Bool?
    /// Why, for the audit trail; at most 500 characters.
    public var reason: String?
    /// How many tokens are taken at once, 1 to 200.
    public var limit: Int?
    /// The `next_cursor` of the answer before.
    public var cursor: String?

    /// Makes it from its fields.
    public init(
        filter: TokenFilterRequest,
        addTags: [String]? = nil,
        removeTags: [String]? = nil,
        dryRun: Bool? = nil,
        confirm: Bool? = nil,
        reason: String? = nil,
        limit: Int? = nil,
        cursor: String? = nil
    ) {
        self.filter = filter
        self.addTags = addTags
        self.removeTags = removeTags
        self.dryRun = dryRun
        self.confirm = confirm
        self.reason = reason
        self.limit = limit
        self.cursor = cursor
    }

    private enum CodingKeys: String, CodingKey {
        case filter
        case addTags = "add_tags"
        case removeTags = "remove_tags"
        case dryRun = "dry_run"
        case confirm
        case reason
        case limit
        case cursor
    }
}
