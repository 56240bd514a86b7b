/// Body of `POST /protected-apis`.
public struct CreateProtectedAPIRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters; unique in the organization.
    public var name: String
    /// If given, only tokens that say they serve it are accepted.
    public var audience: String?
    /// What every token needs there, at most 100 scopes; nothing if absent.
    public var requiredScopes: [String]?
    /// Which tokens may be shown there; `personal` and `service` if absent.
    public var acceptedKinds: [String]?

    /// Makes it from its fields.
    public init(
        name: String,
        audience: String? = nil,
        requiredScopes: [String]? = nil,
        acceptedKinds: [String]? = nil
    ) {
        self.name = name
        self.audience = audience
        self.requiredScopes = requiredScopes
        self.acceptedKinds = acceptedKinds
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case audience
        case requiredScopes = "required_scopes"
        case acceptedKinds = "accepted_kinds"
    }
}
