/// Whose token it is.
public struct TokenOwnerResponse: Codable, Sendable, Equatable {
    /// `user` or `service_account`.
    public var kind: String
    /// Id of the person (`usr_…`) or the service account (`sva_…`).
    public var id: String
    /// E-mail address or name.
    public var name: String?

    /// Makes it from its fields.
    public init(kind: String, id: String, name: String? = nil) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case id
        case name
    }
}
