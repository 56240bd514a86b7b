/// Answer to setup and login.
public struct SessionTokenResponse: Codable, Sendable, Equatable {
    /// The session token (`clv_ss_…`), shown once; used as bearer credential.
    public var sessionToken: String
    /// Id of the session.
    public var sessionID: String?
    /// When the session ends at the latest.
    public var expiresAt: String
    /// When it ends if it is not used.
    public var idleExpiresAt: String?
    /// Who signed in.
    public var user: UserResponse

    /// Makes it from its fields.
    public init(
        sessionToken: String,
        sessionID: String? = nil,
        expiresAt: String,
        idleExpiresAt: String? = nil,
        user: UserResponse
    ) {
        self.sessionToken = sessionToken
        self.sessionID = sessionID
        self.expiresAt = expiresAt
        self.idleExpiresAt = idleExpiresAt
        self.user = user
    }

    private enum CodingKeys: String, CodingKey {
        case sessionToken = "session_token"
        case sessionID = "session_id"
        case expiresAt = "expires_at"
        case idleExpiresAt = "idle_expires_at"
        case user
    }
}
