/// Answer to everything that changes a machine identity, and to its dry run.
public struct IdentityChangeResponse: Codable, Sendable, Equatable {
    /// Whether nothing was written.
    public var dryRun: Bool
    /// What was done, or would be: a sentence for each step.
    public var plan: [String]
    /// The identity afterwards; null where a dry run would have made it, and where it is gone.
    public var identity: IdentityResponse?
    /// The text of a service token or of an install token, shown once; null where there is none, and in a replay.
    public var secret: String?
    /// When that token ends; null if never.
    public var secretExpiresAt: String?
    /// True in a replay of the same idempotency key; otherwise absent.
    public var secretAlreadyShown: Bool?

    /// Makes it from its fields.
    public init(
        dryRun: Bool,
        plan: [String],
        identity: IdentityResponse? = nil,
        secret: String? = nil,
        secretExpiresAt: String? = nil,
        secretAlreadyShown: Bool? = nil
    ) {
        self.dryRun = dryRun
        self.plan = plan
        self.identity = identity
        self.secret = secret
        self.secretExpiresAt = secretExpiresAt
        self.secretAlreadyShown = secretAlreadyShown
    }

    private enum CodingKeys: String, CodingKey {
        case dryRun = "dry_run"
        case plan
        case identity
        case secret
        case secretExpiresAt = "secret_expires_at"
        case secretAlreadyShown = "secret_already_shown"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(dryRun, forKey: .dryRun)
        try container.encode(plan, forKey: .plan)
        try container.encode(identity, forKey: .identity)
        try container.encode(secret, forKey: .secret)
        try container.encode(secretExpiresAt, forKey: .secretExpiresAt)
        try container.encodeIfPresent(secretAlreadyShown, forKey: .secretAlreadyShown)
    }
}
