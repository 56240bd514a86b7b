/// Which tokens a bulk operation is about; all conditions hold together, and what is absent does not filter.
public struct TokenFilterRequest: Codable, Sendable, Equatable {
    /// Only these tokens, at most 200.
    public var ids: [String]?
    /// Only tokens of this person (`usr_…`) or service account (`sva_…`).
    public var owner: String?
    /// Only `personal` or `service` tokens.
    public var kind: String?
    /// Only `live`, `paused`, `suspended` or `revoked` tokens.
    public var status: String?
    /// Only tokens with this tag.
    public var tag: String?
    /// Only tokens whose name, description or service contains this.
    public var q: String?
    /// Only tokens that end before this RFC 3339 time.
    public var expiresBefore: String?
    /// Only tokens that are not as the organization's policy wants them.
    public var outOfPolicy: Bool?
    /// Only service tokens whose current text was shown to a person who left.
    public var seenByDeparted: Bool?

    /// Makes it from its fields.
    public init(
        ids: [String]? = nil,
        owner: String? = nil,
        kind: String? = nil,
        status: String? = nil,
        tag: String? = nil,
        q: String? = nil,
        expiresBefore: String? = nil,
        outOfPolicy: Bool? = nil,
        seenByDeparted: Bool? = nil
    ) {
        self.ids = ids
        self.owner = owner
        self.kind = kind
        self.status = status
        self.tag = tag
        self.q = q
        self.expiresBefore = expiresBefore
        self.outOfPolicy = outOfPolicy
        self.seenByDeparted = seenByDeparted
    }

    private enum CodingKeys: String, CodingKey {
        case ids
        case owner
        case kind
        case status
        case tag
        case q
        case expiresBefore = "expires_before"
        case outOfPolicy = "out_of_policy"
        case seenByDeparted = "seen_by_departed"
    }
}
