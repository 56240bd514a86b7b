/// Two rules that disagree.
public struct PermissionConflict: Codable, Sendable, Equatable {
    /// withheld_by_override, withheld_by_policy or scope_beyond_owner.
    public var kind: String
    /// The permission; null for a scope of the organization's own API.
    public var permission: String?
    /// The scope that asks for it, if one does.
    public var scope: String?

    /// Makes it from its fields.
    public init(kind: String, permission: String? = nil, scope: String? = nil) {
        self.kind = kind
        self.permission = permission
        self.scope = scope
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case permission
        case scope
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(permission, forKey: .permission)
        try container.encode(scope, forKey: .scope)
    }
}
