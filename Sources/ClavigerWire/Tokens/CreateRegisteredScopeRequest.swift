/// Body of `POST /registered-scopes`.
public struct CreateRegisteredScopeRequest: Codable, Sendable, Equatable {
    /// Its name, `resource:action`, with a resource that is none of Claviger's.
    public var name: String
    /// What it allows, for people.
    public var description: String?
    /// Whether it is shown with a warning; false if absent.
    public var isSensitive: Bool?
    /// Whether only administrators put it on tokens; false if absent.
    public var isAdminOnly: Bool?

    /// Makes it from its fields.
    public init(name: String, description: String? = nil, isSensitive: Bool? = nil, isAdminOnly: Bool? = nil) {
        self.name = name
        self.description = description
        self.isSensitive = isSensitive
        self.isAdminOnly = isAdminOnly
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case description
        case isSensitive = "is_sensitive"
        case isAdminOnly = "is_admin_only"
    }
}
