/// Body of `PATCH /tokens/{id}`: what is absent stays, `null` clears, a value replaces the whole field.
///
/// `name` and `scopes` can not be cleared.
public struct UpdateTokenRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters.
    public var name: PatchField<String> = .absent
    /// What it is for.
    public var description: PatchField<String> = .absent
    /// What it may do; the given scopes replace all.
    public var scopes: PatchField<[String]> = .absent
    /// Tags; the given ones replace all.
    public var tags: PatchField<[String]> = .absent
    /// Addresses and ranges from where it may be used; the given ones replace all.
    public var addresses: PatchField<[String]> = .absent
    /// The service or integration it serves.
    public var serves: PatchField<String> = .absent
    /// Limits of its own; the given ones replace all.
    public var limits: PatchField<TokenLimits> = .absent

    /// Makes a request that changes nothing yet.
    public init() {}

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case scopes
        case tags
        case addresses
        case serves
        case limits
    }

    /// Reads the fields that are present.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.patch(String.self, forKey: .name)
        description = try container.patch(String.self, forKey: .description)
        scopes = try container.patch([String].self, forKey: .scopes)
        tags = try container.patch([String].self, forKey: .tags)
        addresses = try container.patch([String].self, forKey: .addresses)
        serves = try container.patch(String.self, forKey: .serves)
        limits = try container.patch(TokenLimits.self, forKey: .limits)
    }

    /// Writes the fields that are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(patch: name, forKey: .name)
        try container.encode(patch: description, forKey: .description)
        try container.encode(patch: scopes, forKey: .scopes)
        try container.encode(patch: tags, forKey: .tags)
        try container.encode(patch: addresses, forKey: .addresses)
        try container.encode(patch: serves, forKey: .serves)
        try container.encode(patch: limits, forKey: .limits)
    }
}
