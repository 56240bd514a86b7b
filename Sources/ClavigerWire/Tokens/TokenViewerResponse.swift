/// A person who was shown the current text of a service token.
public struct TokenViewerResponse: Codable, Sendable, Equatable {
    /// Their id (`usr_…`).
    public var userID: String
    /// Their e-mail address.
    public var email: String
    /// When they were shown it.
    public var shownAt: String
    /// Whether they have left the organization or the workspace since.
    public var hasLeft: Bool

    /// Makes it from its fields.
    public init(userID: String, email: String, shownAt: String, hasLeft: Bool) {
        self.userID = userID
        self.email = email
        self.shownAt = shownAt
        self.hasLeft = hasLeft
    }

    private enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case email
        case shownAt = "shown_at"
        case hasLeft = "has_left"
    }
}
