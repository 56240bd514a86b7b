/// Body of `POST /me/organizations`.
public struct JoinOrganizationRequest: Codable, Sendable, Equatable {
    /// The invitation's secret.
    public var secret: String

    /// Makes it from its fields.
    public init(secret: String) {
        self.secret = secret
    }

    private enum CodingKeys: String, CodingKey {
        case secret
    }
}
