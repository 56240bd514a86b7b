/// A personal or service token as whoever may see it sees it; never its text.
public struct TokenResponse: Codable, Sendable, Equatable {
    /// Its id (`crd_…`); it stays through every rotation.
    public var id: String
    /// `personal` or `service`.
    public var kind: String
    /// The workspace it acts in (`wsp_…`).
    public var workspaceID: String
    /// Whose token it is.
    public var owner: TokenOwnerResponse
    /// Name for people.
    public var name: String
    /// What it is for.
    public var description: String?
    /// What it may do, as far as its owner may.
    public var scopes: [String]
    /// Whether one of its scopes is a wildcard.
    public var isBroad: Bool
    /// Tags.
    public var tags: [String]
    /// From where it may be used; from anywhere if empty.
    public var addresses: [String]
    /// The service or integration it serves.
    public var serves: String?
    /// Limits of its own; the plan's hold where it has none.
    public var limits: TokenLimits?
    /// `live`, `paused`, `suspended` or `revoked`.
    public var status: String
    /// First characters of its current text, for people to compare.
    public var prefix: String
    /// Grows with each rotation.
    public var generation: Int64
    /// When the current text was issued.
    public var issuedAt: String
    /// When it ends; absent if never.
    public var expiresAt: String?
    /// Until when the text before works; absent if it does not.
    public var previousValidUntil: String?
    /// Until when its owner has to rotate it; past that it counts as expired.
    public var rotationRequiredBy: String?
    /// When it was used last, to the minute.
    public var lastUsedAt: String?
    /// From where; for its owner, administrators and auditors.
    public var lastAddress: String?
    /// Why it is not as the organization's policy wants it; empty if it is.
    public var outOfPolicy: [PolicyReasonResponse]
    /// When it was created.
    public var createdAt: String
    /// Who created it.
    public var createdBy: TokenActorResponse
    /// When it was revoked.
    public var revokedAt: String?

    /// Makes it from its fields.
    public init(
        id: String,
        kind: String,
        workspaceID: String,
        owner: TokenOwnerResponse,
        name: String,
        description: String? = nil,
        scopes: [String],
        isBroad: Bool,
        tags: [String],
        addresses: [String],
        serves: String? = nil,
        limits: TokenLimits? = nil,
        status: String,
        prefix: String,
        generation: Int64,
        issuedAt: String,
        expiresAt: String? = nil,
        previousValidUntil: String? = nil,
        rotationRequiredBy: String? = nil,
        lastUsedAt: String? = nil,
        lastAddress: String? = nil,
        outOfPolicy: [PolicyReasonResponse],
        createdAt: String,
        createdBy: TokenActorResponse,
        revokedAt: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.workspaceID = workspaceID
        self.owner = owner
        self.name = name
        self.description = description
        self.scopes = scopes
        self.isBroad = isBroad
        self.tags = tags
        self.addresses = addresses
        self.serves = serves
        self.limits = limits
        self.status = status
        self.prefix = prefix
        self.generation = generation
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.previousValidUntil = previousValidUntil
        self.rotationRequiredBy = rotationRequiredBy
        self.lastUsedAt = lastUsedAt
        self.lastAddress = lastAddress
        self.outOfPolicy = outOfPolicy
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.revokedAt = revokedAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case kind
        case workspaceID = "workspace_id"
        case owner
        case name
        case description
        case scopes
        case isBroad = "is_broad"
        case tags
        case addresses
        case serves
        case limits
        case status
        case prefix
        case generation
        case issuedAt = "issued_at"
        case expiresAt = "expires_at"
        case previousValidUntil = "previous_valid_until"
        case rotationRequiredBy = "rotation_required_by"
        case lastUsedAt = "last_used_at"
        case lastAddress = "last_address"
        case outOfPolicy = "out_of_policy"
        case createdAt = "created_at"
        case createdBy = "created_by"
        case revokedAt = "revoked_at"
    }
}
