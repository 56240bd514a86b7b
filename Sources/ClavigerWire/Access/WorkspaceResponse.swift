/// A workspace.
public struct WorkspaceResponse: Codable, Sendable, Equatable {
    /// Id, `wsp_…`.
    public var id: String
    /// Name, unique in the organization.
    public var name: String
    /// When it was made.
    public var createdAt: String
    /// Whether the caller acts in it.
    public var isCurrent: Bool

    /// Makes it from its fields.
    public init(id: String, name: String, createdAt: String, isCurrent: Bool) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.isCurrent = isCurrent
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case createdAt = "created_at"
        case isCurrent = "is_current"
    }
}
