/// An API that asks Claviger whether tokens are good.
public struct ProtectedAPIResponse: Codable, Sendable, Equatable {
    /// Its id (`api_…`).
    public var id: String
    /// Name for people.
    public var name: String
    /// If set, only tokens that say they serve it are accepted.
    public var audience: String?
    /// What every token needs there.
    public var requiredScopes: [String]
    /// Which tokens may be shown there: `personal`, `service`, `session`, `agent`.
    public var acceptedKinds: [String]

    /// Makes it from its fields.
    public init(id: String, name: String, audience: String? = nil, requiredScopes: [String], acceptedKinds: [String]) {
        self.id = id
        self.name = name
        self.audience = audience
        self.requiredScopes = requiredScopes
        self.acceptedKinds = acceptedKinds
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case audience
        case requiredScopes = "required_scopes"
        case acceptedKinds = "accepted_kinds"
    }
}
