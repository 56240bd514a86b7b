/// Body of `POST /setup`: makes the first owner.
public struct SetupRequest: Codable, Sendable, Equatable {
    /// The one-time setup secret (`clv_su_…`).
    public var secret: String
    /// E-mail address, used to sign in.
    public var email: String
    /// Name for people.
    public var name: String
    /// Password, at least 12 characters.
    public var password: String

    /// Makes it from its fields.
    public init(secret: String, email: String, name: String, password: String) {
        self.secret = secret
        self.email = email
        self.name = name
        self.password = password
    }

    private enum CodingKeys: String, CodingKey {
        case secret
        case email
        case name
        case password
    }
}
