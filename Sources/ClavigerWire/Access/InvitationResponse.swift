/// An invitation that waits to be accepted.
public struct InvitationResponse: Codable, Sendable, Equatable {
    /// Id, `crd_…`.
    public var id: String
    /// Id of the membership it is for.
    public var memberID: String
    /// Address of the person.
    public var email: String
    /// Role in the organization.
    public var role: String
    /// Custom role; null if there is none.
    public var customRole: NamedReference?
    /// Roles in single workspaces.
    public var workspaces: [WorkspaceMembershipResponse]
    /// Who made it; null if the server did.
    public var invitedBy: TokenActorResponse?
    /// When it was made.
    public var createdAt: String
    /// Until when it can be accepted.
    public var expiresAt: String

    /// Makes it from its fields.
    public init(
        id: String,
        memberID: String,
        email: String,
        role: String,
        customRole: NamedReference? = nil,
        workspaces: [WorkspaceMembershipResponse],
        invitedBy: TokenActorResponse? = nil,
        createdAt: String,
        expiresAt: String
    ) {
        self.id = id
        self.memberID = memberID
        self.email = email
        self.role = role
        self.customRole = customRole
        self.workspaces = workspaces
        self.invitedBy = invitedBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case memberID = "member_id"
        case email
        case role
        case customRole = "custom_role"
        case workspaces
        case invitedBy = "invited_by"
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(memberID, forKey: .memberID)
        try container.encode(email, forKey: .email)
        try container.encode(role, forKey: .role)
        try container.encode(customRole, forKey: .customRole)
        try container.encode(workspaces, forKey: .workspaces)
        try container.encode(invitedBy, forKey: .invitedBy)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(expiresAt, forKey: .expiresAt)
    }
}
