public import ClavigerWire

/// Which tokens a list shows.
public struct TokenFilter: Sendable, Equatable {
    /// Only tokens of this person (`usr_…`) or service account (`sva_…`).
    public var owner: String?
    /// Only `personal` or `service` tokens.
    public var kind: String?
    /// Only `live`, `paused`, `suspended` or `revoked` tokens.
    public var status: String?
    /// Only tokens with this tag.
    public var tag: String?
    /// Only tokens whose name, description or service contains this.
    public var text: String?
    /// Only tokens that end before this RFC 3339 time.
    public var expiresBefore: String?
    /// Only tokens that are not as the organization's policy wants them.
    public var isOutOfPolicy: Bool
    /// Only service tokens whose current text was shown to a person who left.
    public var isSeenByDeparted: Bool

    /// Makes a filter; what is nil or false does not filter.
    public init(
        owner: String? = nil,
        kind: String? = nil,
        status: String? = nil,
        tag: String? = nil,
        text: String? = nil,
        expiresBefore: String? = nil,
        isOutOfPolicy: Bool = false,
        isSeenByDeparted: Bool = false
    ) {
        self.owner = owner
        self.kind = kind
        self.status = status
        self.tag = tag
        self.text = text
        self.expiresBefore = expiresBefore
        self.isOutOfPolicy = isOutOfPolicy
        self.isSeenByDeparted = isSeenByDeparted
    }
}

extension TokenFilterRequest {
    /// The same filter for a bulk operation.
    public init(_ filter: TokenFilter, ids: [String]? = nil) {
        self.init(
            ids: ids,
            owner: filter.owner,
            kind: filter.kind,
            status: filter.status,
            tag: filter.tag,
            q: filter.text,
            expiresBefore: filter.expiresBefore,
            outOfPolicy: filter.isOutOfPolicy ? true : nil,
            seenByDeparted: filter.isSeenByDeparted ? true : nil
        )
    }
}
