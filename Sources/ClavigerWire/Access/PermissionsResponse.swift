/// What a member or a token may do now, and for each permission from where it comes and what withheld it.
public struct PermissionsResponse: Codable, Sendable, Equatable {
    /// member, user or token.
    public var subjectKind: String
    /// Its id.
    public var subjectID: String
    /// The workspace it is about; null for none.
    public var workspaceID: String?
    /// Whether it may do anything at all.
    public var isActive: Bool
    /// The roles that count: a role's name, or the id of a custom role.
    public var roles: [String]
    /// One line for each permission that comes from anywhere, sorted by name.
    public var permissions: [PermissionLine]
    /// Of a token: what each of its scopes is worth.
    public var scopes: [ScopeLine]?
    /// Where rules disagree; the most restrictive one holds.
    public var conflicts: [PermissionConflict]

    /// Makes it from its fields.
    public init(
        subjectKind: String,
        subjectID: String,
        workspaceID: String? = nil,
        isActive: Bool,
        roles: [String],
        permissions: [PermissionLine],
        scopes: [ScopeLine]? = nil,
        conflicts: [PermissionConflict]
    ) {
        self.subjectKind = subjectKind
        self.subjectID = subjectID
        self.workspaceID = workspaceID
        self.isActive = isActive
        self.roles = roles
        self.permissions = permissions
        self.scopes = scopes
        self.conflicts = conflicts
    }

    private enum CodingKeys: String, CodingKey {
        case subjectKind = "subject_kind"
        case subjectID = "subject_id"
        case workspaceID = "workspace_id"
        case isActive = "is_active"
        case roles
        case permissions
        case scopes
        case conflicts
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(subjectKind, forKey: .subjectKind)
        try container.encode(subjectID, forKey: .subjectID)
        try container.encode(workspaceID, forKey: .workspaceID)
        try container.encode(isActive, forKey: .isActive)
        try container.encode(roles, forKey: .roles)
        try container.encode(permissions, forKey: .permissions)
        try container.encodeIfPresent(scopes, forKey: .scopes)
        try container.encode(conflicts, forKey: .conflicts)
    }
}
