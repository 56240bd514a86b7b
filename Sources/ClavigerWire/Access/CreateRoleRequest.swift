/// Body of `POST /roles`.
public struct CreateRoleRequest: Codable, Sendable, Equatable {
    /// Name, 1 to 64 characters, unique in the organization.
    public var name: String
    /// What it is for.
    public var description: String?
    /// At least one permission, none of the server's.
    public var permissions: [String]

    /// Makes it from its fields.
    public init(name: String, description: String? = nil, permissions: [String]) {
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
