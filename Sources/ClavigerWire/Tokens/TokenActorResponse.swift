/// Who made something.
public struct TokenActorResponse: Codable, Sendable, Equatable {
    /// `user`, `service`, `host` or another kind of caller.
    public var kind: String
    /// Id of it, if it has one.
    public var id: String?
    /// Its name then.
    public var name: String?

    /// Makes it from its fields.
    public init(kind: String, id: String? = nil, name: String? = nil) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case id
        case name
    }
}
