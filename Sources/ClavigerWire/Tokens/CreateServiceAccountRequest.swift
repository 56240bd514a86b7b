/// Body of `POST /service-accounts`.
public struct CreateServiceAccountRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters; unique in the workspace.
    public var name: String
    /// What it is for.
    public var description: String?
    /// `manager`, `developer` or `viewer`; never above the rights of who asks.
    public var role: String
    /// A custom role (`rol_…`) whose permissions stand instead of the role's.
    public var customRoleID: String?

    /// Makes it from its fields.
    public init(name: String, description: String? = nil, role: String, customRoleID: String? = nil) {
        self.name = name
        self.description = description
        self.role = role
        self.customRoleID = customRoleID
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case role
        case customRoleID = "custom_role_id"
    }
}
