/// Whose token it is.
public struct VerifiedIdentity: Codable, Sendable, Equatable {
    /// `user`, `service` or `agent`.
    public var kind: String
    /// The identity's id.
    public var id: String
    /// An address, or a name.
    public var name: String?
}
