/// A custom role.
public struct RoleResponse: Codable, Sendable, Equatable {
    /// Id, `rol_…`.
    public var id: String
    /// Name, unique in the organization.
    public var name: String
    /// What it is for.
    public var description: String
    /// Permissions, sorted.
    public var permissions: [String]

    /// Makes it from its fields.
    public init(id: String, name: String, description: String, permissions: [String]) {
        self.id = id
        self.name = name
        self.description = description
        self.permissions = permissions
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case description
        case permissions
    }
}
