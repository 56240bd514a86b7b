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
    /// The rotation it belongs to, if it does.
    public var rotationID: String?

    /// Makes it from its fields.
    public init(
        id: String,
        time: String,
        kind: String,
        address: String? = nil,
        message: String? = nil,
        rotationID: String? = nil
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.address = address
        self.message = message
        self.rotationID = rotationID
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case time
        case kind
        case address
        case message
        case rotationID = "rotation_id"
    }
}
