/// A limit, how much was asked for within its window, and what would do.
public struct LimitAdviceResponse: Codable, Sendable, Equatable {
    /// `burst`, `minute`, `hour`, `day` or `month`.
    public var name: String
    /// The limit that holds.
    public var limit: Int
    /// The most calls in one window, admitted or not; `null` for `burst`.
    public var peak: Int?
    /// What to set instead; `null` if the limit was wide enough.
    public var suggested: Int?

    /// Makes it from its fields.
    public init(name: String, limit: Int, peak: Int? = nil, suggested: Int? = nil) {
        self.name = name
        self.limit = limit
        self.peak = peak
        self.suggested = suggested
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case limit
        case peak
        case suggested
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(limit, forKey: .limit)
        try container.encode(peak, forKey: .peak)
        try container.encode(suggested, forKey: .suggested)
    }
}
