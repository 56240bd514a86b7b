/// Body of `POST /workspaces/{id}/members`: who, by membership or by address, and as what.
public struct AddWorkspaceMemberRequest: Codable, Sendable, Equatable {
    /// Id of the membership in the organization.
    public var memberID: String?
    /// Address of a member of the organization, instead of the id.
    public var email: String?
    /// manager, developer or viewer.
    public var role: String
    /// Custom role whose permissions stand instead of the role's.
    public var customRoleID: String?
    /// Permissions to give beside the role.
    public var grant: [String]?
    /// Permissions to take away.
    public var deny: [String]?

    /// Makes it from its fields.
    public init(
        memberID: String? = nil,
        email: String? = nil,
        role: String,
        customRoleID: String? = nil,
        grant: [String]? = nil,
        deny: [String]? = nil
    ) {
        self.memberID = memberID
        self.email = email
        self.role = role
        self.customRoleID = customRoleID
        self.grant = grant
        self.deny = deny
    }

    private enum CodingKeys: String, CodingKey {
        case memberID = "member_id"
        case email
        case role
        case customRoleID = "custom_role_id"
        case grant
        case deny
    }
}
