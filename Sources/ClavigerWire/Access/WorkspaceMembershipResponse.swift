/// What a member is in one workspace.
public struct WorkspaceMembershipResponse: Codable, Sendable, Equatable {
    /// The workspace.
    public var workspace: NamedReference
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
        workspace: NamedReference,
        status: String,
        role: String,
        customRole: NamedReference? = nil,
        grant: [String],
        deny: [String]
    ) {
        self.workspace = workspace
        self.status = status
        self.role = role
        self.customRole = customRole
        self.grant = grant
        self.deny = deny
    }

    private enum CodingKeys: String, CodingKey {
        case workspace
        case status
        case role
        case customRole = "custom_role"
        case grant
        case deny
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(workspace, forKey: .workspace)
        try container.encode(status, forKey: .status)
        try container.encode(role, forKey: .role)
        try container.encode(customRole, forKey: .customRole)
        try container.encode(grant, forKey: .grant)
        try container.encode(deny, forKey: .deny)
    }
}
