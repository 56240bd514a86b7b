/// Whether a token is good; if it isn't, ``code`` says why and the fields of its identity are absent.
public struct VerifyTokenResponse: Codable, Sendable, Equatable {
    /// Whether the call may go on.
    public var valid: Bool
    /// The reason of a refusal, such as `ExpiredToken`.
    public var code: String?
    /// The token's id (`crd_…`), if whoever asks may know that it exists.
    public var tokenID: String?
    /// `personal`, `service`, `agent` or `session`.
    public var kind: String?
    /// The organization (`org_…`).
    public var organizationID: String?
    /// The workspace (`wsp_…`); absent for a person without one.
    public var workspaceID: String?
    /// Whose token it is.
    public var identity: VerifiedIdentity?
    /// The scopes in force.
    public var scopes: [String]?
    /// The end of the text that was shown; absent if it has none.
    public var expiresAt: String?
    /// Whether the text was replaced and works only while its grace lasts.
    public var inGrace: Bool?
    /// The scope that was missing, with `InsufficientScope`.
    public var scope: String?
    /// Seconds until the call may be tried again, with a limit that is reached.
    public var retryAfterSeconds: Int64?
    /// When the limit that is reached lets the call through.
    public var resetsAt: String?
    /// One line for each limit that is set.
    public var limits: [VerifiedLimit]
    /// From 80 % of the month's quota on: 80, 95 or 100.
    public var quotaWarning: Int?

    private enum CodingKeys: String, CodingKey {
        case valid
        case code
        case tokenID = "token_id"
        case kind
        case organizationID = "organization_id"
        case workspaceID = "workspace_id"
        case identity
        case scopes
        case expiresAt = "expires_at"
        case inGrace = "in_grace"
        case scope
        case retryAfterSeconds = "retry_after_seconds"
        case resetsAt = "resets_at"
        case limits
        case quotaWarning = "quota_warning"
    }
}
