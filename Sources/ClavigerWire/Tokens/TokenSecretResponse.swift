/// Answer to `POST /tokens`, and to a rotation by whoever may have the new text.
public struct TokenSecretResponse: Codable, Sendable, Equatable {
    /// The token.
    public var token: TokenResponse
    /// Its text, shown once; null in a replay, and for an administrator who rotates another person's token.
    public var secret: String?
    /// True in a replay of the same idempotency key; otherwise absent.
    public var secretAlreadyShown: Bool?

    /// Makes it from its fields.
    public init(token: TokenResponse, secret: String? = nil, secretAlreadyShown: Bool? = nil) {
        self.token = token
        self.secret = secret
        self.secretAlreadyShown = secretAlreadyShown
    }

    private enum CodingKeys: String, CodingKey {
        case token
        case secret
        case secretAlreadyShown = "secret_already_shown"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(token, forKey: .token)
        try container.encode(secret, forKey: .secret)
        try container.encodeIfPresent(secretAlreadyShown, forKey: .secretAlreadyShown)
    }
}
