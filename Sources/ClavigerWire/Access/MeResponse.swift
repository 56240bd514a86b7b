/// Answer to `GET /me`: who asks and what they may do.
public struct MeResponse: Codable, Sendable, Equatable {
    /// Who asks.
    public var user: UserResponse
    /// The organization; absent for a server administrator who belongs to none.
    public var organization: NamedReference?
    /// The workspace.
    public var workspace: NamedReference?
    /// Role in the organization.
    public var organizationRole: String
    /// Role in the workspace.
    public var workspaceRole: String?
    /// Permissions in the workspace, sorted.
    public var permissions: [String]
    /// Whether server settings may be changed.
    public var isServerAdministrator: Bool

    /// Makes it from its fields.
    public init(
        user: UserResponse,
        organization: NamedReference? = nil,
        workspace: NamedReference? = nil,
        organizationRole: String,
        workspaceRole: String? = nil,
        permissions: [String],
        isServerAdministrator: Bool
    ) {
        self.user = user
        self.organization = organization
        self.workspace = workspace
        self.organizationRole = organizationRole
        self.workspaceRole = workspaceRole
        self.permissions = permissions
        self.isServerAdministrator = isServerAdministrator
    }

    private enum CodingKeys: String, CodingKey {
        case user
        case organization
        case workspace
        case organizationRole = "organization_role"
        case workspaceRole = "workspace_role"
        case permissions
        case isServerAdministrator = "is_server_administrator"
    }
}
