/// Body of `POST /auth/password`; all sessions end.
public struct ChangePasswordRequest: Codable, Sendable, Equatable {
    /// The password so far.
    public var currentPassword: String
    /// The new one, at least 12 characters.
    public var newPassword: String

    /// Makes it from its fields.
    public init(currentPassword: String, newPassword: String) {
        self.currentPassword = currentPassword
        self.newPassword = newPassword
    }

    private enum CodingKeys: String, CodingKey {
        case currentPassword = "current_password"
        case newPassword = "new_password"
    }
}
