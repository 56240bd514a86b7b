/// Body of `POST /invitations`.
public struct InvitationRequest: Codable, Sendable, Equatable {
    /// Address of the person.
    public var email: String
    /// Role in the organization: owner, admin, auditor or member.
    public var role: String
    /// Custom role whose permissions stand instead of the role's.
    public var customRoleID: String?
    /// Roles in single workspaces; at most 50.
    public var workspaces: [InvitationWorkspace]?

    /// Makes it from its fields.
    public init(email: String, role: String, customRoleID: String? = nil, workspaces: [InvitationWorkspace]? = nil) {
        self.email = email
        self.role = role
        self.customRoleID = customRoleID
        self.workspaces = workspaces
    }

    private enum CodingKeys: String, CodingKey {
        case email
        case role
        case customRoleID = "custom_role_id"
        case workspaces
    }
}
