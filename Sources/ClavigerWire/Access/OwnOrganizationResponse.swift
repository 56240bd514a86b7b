/// An organization that the caller belongs to.
public struct OwnOrganizationResponse: Codable, Sendable, Equatable {
    /// Id, `org_…`.
    public var id: String
    /// Name.
    public var name: String
    /// The caller's role in it.
    public var role: String
    /// active or paused.
    public var status: String
    /// The workspaces that are open to the caller, oldest first.
    public var workspaces: [NamedReference]
    /// Whether the caller acts in it.
    public var isCurrent: Bool

    /// Makes it from its fields.
    public init(id: String, name: String, role: String, status: String, workspaces: [NamedReference], isCurrent: Bool) {
        self.id = id
        self.name = name
        self.role = role
        self.status = status
        self.workspaces = workspaces
        self.isCurrent = isCurrent
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case role
        case status
        case workspaces
        case isCurrent = "is_current"
    }
}
