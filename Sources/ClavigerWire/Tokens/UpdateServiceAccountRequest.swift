/// Body of `PATCH /service-accounts/{id}`: what is absent stays, `null` clears, a value replaces.
///
/// `name` and `role` can not be cleared.
public struct UpdateServiceAccountRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters.
    public var name: PatchField<String> = .absent
    /// What it is for.
    public var description: PatchField<String> = .absent
    /// `manager`, `developer` or `viewer`.
    public var role: PatchField<String> = .absent
    /// A custom role (`rol_…`) whose permissions stand instead of the role's.
    public var customRoleID: PatchField<String> = .absent

    /// Makes a request that changes nothing yet.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case role
        case customRoleID = "custom_role_id"
    }

    /// Reads the fields that are present.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.patch(String.self, forKey: .name)
        description = try container.patch(String.self, forKey: .description)
        role = try container.patch(String.self, forKey: .role)
        customRoleID = try container.patch(String.self, forKey: .customRoleID)
    }

    /// Writes the fields that are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(patch: name, forKey: .name)
        try container.encode(patch: description, forKey: .description)
        try container.encode(patch: role, forKey: .role)
        try container.encode(patch: customRoleID, forKey: .customRoleID)
    }
}
