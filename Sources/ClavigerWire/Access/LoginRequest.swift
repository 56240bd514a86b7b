/// Body of `POST /auth/login`.
public struct LoginRequest: Codable, Sendable, Equatable {
    /// E-mail address.
    public var email: String
    /// Password.
    public var password: String

    /// Makes it from its fields.
    public init(email: String, password: String) {
        self.email = email
        self.password = password
    }

    private enum CodingKeys: String, CodingKey {
        case email
        case password
    }
}
