/// A person.
public struct UserResponse: Codable, Sendable, Equatable {
    /// Id (`usr_…`).
    public var id: String
    /// E-mail address.
    public var email: String
    /// Name.
    public var name: String

    /// Makes it from its fields.
    public init(id: String, email: String, name: String) {
        self.id = id
        self.email = email
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case email
        case name
    }
}
