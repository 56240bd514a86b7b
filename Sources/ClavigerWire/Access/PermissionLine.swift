/// One permission of an explanation.
public struct PermissionLine: Codable, Sendable, Equatable {
    /// The permission.
    public var permission: String
    /// whole, part or none.
    public var held: String
    /// Where it comes from.
    public var sources: [PermissionSource]
    /// What took it away: organization_override, workspace_override, inactive, policy, scope_beyond_owner.
    public var withheldBy: [String]
    /// The scopes of a token that name it.
    public var scopes: [String]?

    /// Makes it from its fields.
    public init(
        permission: String,
        held: String,
        sources: [PermissionSource],
        withheldBy: [String],
        scopes: [String]? = nil
    ) {
        self.permission = permission
        self.held = held
        self.sources = sources
        self.withheldBy = withheldBy
        self.scopes = scopes
    }

    private enum CodingKeys: String, CodingKey {
        case permission
        case held
        case sources
        case withheldBy = "withheld_by"
        case scopes
    }
}
