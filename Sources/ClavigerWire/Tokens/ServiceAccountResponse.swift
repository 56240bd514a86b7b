/// An account of a program.
public struct ServiceAccountResponse: Codable, Sendable, Equatable {
    /// Its id (`sva_…`).
    public var id: String
    /// The workspace it belongs to (`wsp_…`).
    public var workspaceID: String
    /// Name for people.
    public var name: String
    /// What it is for.
    public var description: String?
    /// `manager`, `developer` or `viewer`.
    public var role: String
    /// The custom role whose permissions stand instead of the role's.
    public var customRole: NamedReference?
    /// `active` or `paused`.
    public var status: String
    /// How many of its tokens are not revoked.
    public var tokens: Int
    /// When it was created.
    public var createdAt: String
    /// Who created it.
    public var createdBy: TokenActorResponse

    /// Makes it from its fields.
    public init(
        id: String,
        workspaceID: String,
        name: String,
        description: String? = nil,
        role: String,
        customRole: NamedReference? = nil,
        status: String,
        tokens: Int,
        createdAt: String,
        createdBy: TokenActorResponse
    ) {
        self.id = id
        self.workspaceID = workspaceID
        self.name = name
        self.description = description
        self.role = role
        self.customRole = customRole
        self.status = status
        self.tokens = tokens
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case workspaceID = "workspace_id"
        case name
        case description
        case role
        case customRole = "custom_role"
        case status
        case tokens
        case createdAt = "created_at"
        case createdBy = "created_by"
    }
}
