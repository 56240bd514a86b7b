/// Body of `POST /auth/recover`; all sessions end.
public struct ResetPasswordRequest: Codable, Sendable, Equatable {
    /// The one-time recovery secret (`clv_rc_…`).
    public var secret: String
    /// The new password, at least 12 characters.
    public var newPassword: String

    /// Makes it from its fields.
    public init(secret: String, newPassword: String) {
        self.secret = secret
        self.newPassword = newPassword
    }

    private enum CodingKeys: String, CodingKey {
        case secret
        case newPassword = "new_password"
    }
}
