/// An object named by id and name.
public struct NamedReference: Codable, Sendable, Equatable {
    /// Id.
    public var id: String
    /// Name.
    public var name: String

    /// Makes it from its fields.
    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
    }
}
