/// What became of one token of many, or would.
public struct BulkTokenLineResponse: Codable, Sendable, Equatable {
    /// Its id (`crd_…`).
    public var id: String
    /// Its name.
    public var name: String
    /// Where it stands now.
    public var status: String
    /// `changed`, `unchanged` or `refused`.
    public var outcome: String
    /// Why it was refused.
    public var code: String?
    /// The same as a sentence.
    public var message: String?

    /// Makes it from its fields.
    public init(
        id: String,
        name: String,
        status: String,
        outcome: String,
        code: String? = nil,
        message: String? = nil
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.outcome = outcome
        self.code = code
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case status
        case outcome
        case code
        case message
    }
}
