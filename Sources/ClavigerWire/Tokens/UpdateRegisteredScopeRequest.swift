/// Body of `PATCH /registered-scopes/{name}`: what is absent stays.
public struct UpdateRegisteredScopeRequest: Codable, Sendable, Equatable {
    /// What it allows, for people.
    public var description: String?
    /// Whether it is shown with a warning.
    public var isSensitive: Bool?
    /// Whether only administrators put it on tokens.
    public var isAdminOnly: Bool?

    /// Makes it from its fields.
    public init(description: String? = nil, isSensitive: Bool? = nil, isAdminOnly: Bool? = nil) {
        self.description = description
        self.isSensitive = isSensitive
        self.isAdminOnly = isAdminOnly
    }

    private enum CodingKeys: String, CodingKey {
        case description
        case isSensitive = "is_sensitive"
        case isAdminOnly = "is_admin_only"
    }
}
