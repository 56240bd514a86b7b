/// What it was done to.
public struct AuditTargetResponse: Codable, Sendable, Equatable {
    /// Kind of object.
    public var kind: String
    /// Id, if there is one.
    public var id: String?
    /// Name at that time.
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
