/// Body of `PATCH /protected-apis/{id}`: what is absent stays, `null` clears, a value replaces the whole field.
///
/// `null` for `accepted_kinds` means `personal` and `service`; `name` can not be cleared.
public struct UpdateProtectedAPIRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters.
    public var name: PatchField<String> = .absent
    /// If set, only tokens that say they serve it are accepted.
    public var audience: PatchField<String> = .absent
    /// What every token needs there.
    public var requiredScopes: PatchField<[String]> = .absent
    /// Which tokens may be shown there.
    public var acceptedKinds: PatchField<[String]> = .absent

    /// Makes a request that changes nothing yet.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case name
        case audience
        case requiredScopes = "required_scopes"
        case acceptedKinds = "accepted_kinds"
    }

    /// Reads the fields that are present.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.patch(String.self, forKey: .name)
        audience = try container.patch(String.self, forKey: .audience)
        requiredScopes = try container.patch([String].self, forKey: .requiredScopes)
        acceptedKinds = try container.patch([String].self, forKey: .acceptedKinds)
    }

    /// Writes the fields that are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(patch: name, forKey: .name)
        try container.encode(patch: audience, forKey: .audience)
        try container.encode(patch: requiredScopes, forKey: .requiredScopes)
        try container.encode(patch: acceptedKinds, forKey: .acceptedKinds)
    }
}
