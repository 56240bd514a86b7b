/// What may be shown of the token an agent runs on.
public struct AgentTokenResponse: Codable, Sendable, Equatable {
    /// Id of the credential (`crd_…`).
    public var credentialID: String
    /// First characters of the current token, for people to compare.
    public var prefix: String
    /// Grows with each promoted token.
    public var generation: Int64
    /// When the current token was issued.
    public var issuedAt: String
    /// When it expires; absent if never.
    public var expiresAt: String?
    /// Until when the previous token works; absent if it does not.
    public var previousValidUntil: String?

    /// Makes it from its fields.
    public init(
        credentialID: String,
        prefix: String,
        generation: Int64,
        issuedAt: String,
        expiresAt: String? = nil,
        previousValidUntil: String? = nil
    ) {
        self.credentialID = credentialID
        self.prefix = prefix
        self.generation = generation
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.previousValidUntil = previousValidUntil
    }

    private enum CodingKeys: String, CodingKey {
        case credentialID = "credential_id"
        case prefix
        case generation
        case issuedAt = "issued_at"
        case expiresAt = "expires_at"
        case previousValidUntil = "previous_valid_until"
    }
}
