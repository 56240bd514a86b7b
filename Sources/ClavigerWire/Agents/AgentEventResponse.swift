public import StrictJSON

/// One entry of an agent's history (AGT-8).
public struct AgentEventResponse: Codable, Sendable, Equatable {
    /// Its id (`evt_…`).
    public var id: String
    /// When it happened.
    public var time: String
    /// What happened, such as `created`, `connected` or `rotation_failed`.
    public var kind: String
    /// Address it came from.
    public var address: String?
    /// A sentence.
    public var message: String?
    /// More, by kind.
    public var details: JSONValue?

    /// Makes it from its fields.
    public init(
        id: String,
        time: String,
        kind: String,
        address: String? = nil,
        message: String? = nil,
        details: JSONValue? = nil
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.address = address
        self.message = message
        self.details = details
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case time
        case kind
        case address
        case message
        case details
    }
}
