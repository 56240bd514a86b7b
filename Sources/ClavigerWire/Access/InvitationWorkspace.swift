/// A workspace that an invitation is good for.
public struct InvitationWorkspace: Codable, Sendable, Equatable {
    /// The workspace.
    public var id: String
    /// manager, developer or viewer.
    public var role: String

    /// Makes it from its fields.
    public init(id: String, role: String) {
        self.id = id
        self.role = role
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case role
    }
}
