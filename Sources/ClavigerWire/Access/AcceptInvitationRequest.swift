/// Body of `POST /invitations/accept`.
public struct AcceptInvitationRequest: Codable, Sendable, Equatable {
    /// The invitation's secret.
    public var secret: String
    /// The person's name; asked of everybody, and left alone where there is an account.
    public var name: String?
    /// Their new password; for somebody with an account the one they have.
    public var password: String

    /// Makes it from its fields.
    public init(secret: String, name: String? = nil, password: String) {
        self.secret = secret
        self.name = name
        self.password = password
    }

    private enum CodingKeys: String, CodingKey {
        case secret
        case name
        case password
    }
}
