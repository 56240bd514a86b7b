/// Body of `PATCH /roles/{id}`: what is absent stays.
public struct UpdateRoleRequest: Codable, Sendable, Equatable {
    /// Name, 1 to 64 characters, unique in the organization.
    public var name: String?
    /// What it is for.
    public var description: String?
    /// Replaces the whole list.
    public var permissions: [String]?

    /// Makes it from its fields.
    public init(name: String? = nil, description: String? = nil, permissions: [String]? = nil) {
        self.name = name
        self.description = description
        self.permissions = permissions
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case permissions
    }
}
