/// Where a permission comes from.
public struct PermissionSource: Codable, Sendable, Equatable {
    /// role, organization_override, workspace_override or server_administrator.
    public var kind: String
    /// The role, if it is one.
    public var role: String?

    /// Makes it from its fields.
    public init(kind: String, role: String? = nil) {
        self.kind = kind
        self.role = role
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case role
    }
}
