/// Body of `POST /identities`.
///
/// Exactly one of `expires_in_days`, `expires_at` and `never_expires` says when the token of a service account ends.
/// `role`, `custom_role_id`, `scopes`, `addresses` and the end belong to service accounts, `slug` and `environment` to
/// agents.
public struct CreateIdentityRequest: Codable, Sendable, Equatable {
    /// `service` for a service account with a service token, `agent` for an agent with its install token.
    public var kind: String
    /// Name for people, 1 to 255 characters; the service token has it too.
    public var name: String
    /// What it is for.
    public var description: String?
    /// `manager`, `developer` or `viewer`; never above the rights of who asks.
    public var role: String?
    /// A custom role (`rol_…`) whose permissions stand instead of the role's.
    public var customRoleID: String?
    /// What the service token may do: 1 to 100 scopes such as `agents:read`; there is no default.
    public var scopes: [String]?
    /// Addresses and ranges from where the service token may be used; anywhere if absent or empty.
    public var addresses: [String]?
    /// Life of the service token in days: 7, 30, 90 or 365.
    public var expiresInDays: Int?
    /// When the service token ends, in RFC 3339.
    public var expiresAt: String?
    /// True for a service token without an end, if the organization's policy allows it.
    public var neverExpires: Bool?
    /// Short name of the agent; made from its name if absent.
    public var slug: String?
    /// Name of the environment that the agent belongs to.
    public var environment: String?
    /// True to make every check, write nothing but a denied attempt, and be told the plan.
    public var dryRun: Bool?

    /// Makes it from what every kind has.
    public init(kind: String, name: String, description: String? = nil, dryRun: Bool? = nil) {
        self.kind = kind
        self.name = name
        self.description = description
        self.dryRun = dryRun
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case name
        case description
        case role
        case customRoleID = "custom_role_id"
        case scopes
        case addresses
        case expiresInDays = "expires_in_days"
        case expiresAt = "expires_at"
        case neverExpires = "never_expires"
        case slug
        case environment
        case dryRun = "dry_run"
    }
}
