/// Body of a verification: which token is asked about, and what it wants to do where.
public struct VerifyTokenRequest: Codable, Sendable, Equatable {
    /// The token's text.
    ///
    /// Never log it.
    public var token: String
    /// The protected API it was shown at (`api_…`).
    public var api: String?
    /// What it has to be allowed.
    public var scopes: [String]?
    /// How many units of its limits the call takes, 0 to 1000; 1 if absent, and 0 is a look.
    public var cost: Int?
    /// The address of whoever showed it.
    public var clientAddress: String?

    /// Makes it from its fields.
    public init(
        token: String,
        api: String? = nil,
        scopes: [String]? = nil,
        cost: Int? = nil,
        clientAddress: String? = nil
    ) {
        self.token = token
        self.api = api
        self.scopes = scopes
        self.cost = cost
        self.clientAddress = clientAddress
    }

    private enum CodingKeys: String, CodingKey {
        case token
        case api
        case scopes
        case cost
        case clientAddress = "client_address"
    }
}
