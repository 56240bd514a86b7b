/// What introspection tells of a token (RFC 7662, section 2.2); of one that isn't good, that alone.
public struct IntrospectionResponse: Codable, Sendable, Equatable {
    /// Whether it is good.
    public var active: Bool
    /// The scopes in force, with blanks between.
    public var scope: String?
    /// The identity's id.
    public var clientID: String?
    /// An address, or a name.
    public var username: String?
    /// `Bearer`.
    public var tokenType: String?
    /// The identity's id.
    public var sub: String?
    /// The service that the token serves.
    public var aud: String?
    /// The server's `public_url`.
    public var iss: String?
    /// The token's id (`crd_…`).
    public var jti: String?
    /// Its end, in seconds since 1970.
    public var exp: Int64?

    private enum CodingKeys: String, CodingKey {
        case active
        case scope
        case clientID = "client_id"
        case username
        case tokenType = "token_type"
        case sub
        case aud
        case iss
        case jti
        case exp
    }
}
