/// Body of `PATCH /members/{id}`: what is absent stays; lists replace the whole of what stood there.
public struct UpdateMemberRequest: Codable, Sendable, Equatable {
    /// owner, admin, auditor or member.
    public var role: String?
    /// Custom role; `null` takes it away.
    public var customRoleID: PatchField<String> = .absent
    /// Permissions to give beside the role.
    public var grant: [String]?
    /// Permissions to take away.
    public var deny: [String]?

    /// Makes it from its fields.
    public init(
        role: String? = nil,
        customRoleID: PatchField<String> = .absent,
        grant: [String]? = nil,
        deny: [String]? = nil
    ) {
        self.role = role
        self.customRoleID = customRoleID
        self.grant = grant
        self.deny = deny
    }

    private enum CodingKeys: String, CodingKey {
        case role
        case customRoleID = "custom_role_id"
        case grant
        case deny
    }

    /// Reads the fields that are present.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        role = try container.decodeIfPresent(String.self, forKey: .role)
        customRoleID = try container.patch(String.self, forKey: .customRoleID)
        grant = try container.decodeIfPresent([String].self, forKey: .grant)
        deny = try container.decodeIfPresent([String].self, forKey: .deny)
    }

    /// Writes the fields that are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(role, forKey: .role)
        try container.encode(patch: customRoleID, forKey: .customRoleID)
        try container.encodeIfPresent(grant, forKey: .grant)
        try container.encodeIfPresent(deny, forKey: .deny)
    }
}
