/// A scope that an organization registered for its own API.
public struct RegisteredScopeResponse: Codable, Sendable, Equatable {
    /// Its name, such as `invoices:read`.
    public var name: String
    /// What it allows, for people.
    public var description: String
    /// Whether it is shown with a warning where it is chosen.
    public var isSensitive: Bool
    /// Whether only administrators put it on tokens, and it counts only while the owner is one.
    public var isAdminOnly: Bool

    /// Makes it from its fields.
    public init(name: String, description: String, isSensitive: Bool, isAdminOnly: Bool) {
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
