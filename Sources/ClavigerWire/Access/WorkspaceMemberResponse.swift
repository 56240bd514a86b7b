/// A member of a workspace.
public struct WorkspaceMemberResponse: Codable, Sendable, Equatable {
    /// Id of the membership in the organization, `mbr_…`.
    public var memberID: String
    /// Address of the person.
    public var email: String
    /// Who it is; null while they have not accepted.
    public var user: UserResponse?
    /// The stricter one of the two memberships' statuses.
    public var status: String
    /// Role in the workspace: manager, developer or viewer.
    public var role: String
    /// Custom role whose permissions stand instead of the role's; null if there is none.
    public var customRole: NamedReference?
    /// Permissions given beside the role.
    public var grant: [String]
    /// Permissions taken away; a denial always wins.
    public var deny: [String]

    /// Makes it from its fields.
    public init(
        memberID: String,
        email: String,
        user: UserResponse? = nil,
        status: String,
        role: String,
        customRole: NamedReference? = nil,
        grant: [String],
        deny: [String]
    ) {
        self.memberID = memberID
        self.email = email
        self.user = user
        self.status = status
        self.role = role
        self.customRole = customRole
        self.grant = grant
        self.deny = deny
    }

    private enum CodingKeys: String, CodingKey {
        case memberID = "member_id"
        case email
        case user
        case status
        case role
        case customRole = "custom_role"
        case grant
        case deny
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(memberID, forKey: .memberID)
        try container.encode(email, forKey: .email)
        try container.encode(user, forKey: .user)
        try container.encode(status, forKey: .status)
        try container.encode(role, forKey: .role)
        try container.encode(customRole, forKey: .customRole)
        try container.encode(grant, forKey: .grant)
        try container.encode(deny, forKey: .deny)
    }
}
