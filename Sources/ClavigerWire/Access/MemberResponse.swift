/// A member of an organization.
public struct MemberResponse: Codable, Sendable, Equatable {
    /// Id of the membership, `mbr_…`.
    public var id: String
    /// Address of the person.
    public var email: String
    /// Who it is; null while they have not accepted, and when they were removed.
    public var user: UserResponse?
    /// invited, active, paused or removed.
    public var status: String
    /// Role in the organization: owner, admin, auditor or member.
    public var role: String
    /// Custom role whose permissions stand instead of the role's; null if there is none.
    public var customRole: NamedReference?
    /// Permissions given beside the role.
    public var grant: [String]
    /// Permissions taken away; a denial always wins.
    public var deny: [String]
    /// What they are in single workspaces.
    public var workspaces: [WorkspaceMembershipResponse]
    /// When the membership began.
    public var createdAt: String

    /// Makes it from its fields.
    public init(
        id: String,
        email: String,
        user: UserResponse? = nil,
        status: String,
        role: String,
        customRole: NamedReference? = nil,
        grant: [String],
        deny: [String],
        workspaces: [WorkspaceMembershipResponse],
        createdAt: String
    ) {
        self.id = id
        self.email = email
        self.user = user
        self.status = status
        self.role = role
        self.customRole = customRole
        self.grant = grant
        self.deny = deny
        self.workspaces = workspaces
        self.createdAt = createdAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case email
        case user
        case status
        case role
        case customRole = "custom_role"
        case grant
        case deny
        case workspaces
        case createdAt = "created_at"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(email, forKey: .email)
        try container.encode(user, forKey: .user)
        try container.encode(status, forKey: .status)
        try container.encode(role, forKey: .role)
        try container.encode(customRole, forKey: .customRole)
        try container.encode(grant, forKey: .grant)
        try container.encode(deny, forKey: .deny)
        try container.encode(workspaces, forKey: .workspaces)
        try container.encode(createdAt, forKey: .createdAt)
    }
}
