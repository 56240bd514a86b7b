public import StrictJSON

/// One event of the audit trail (AUD-2).
public struct AuditEventResponse: Codable, Sendable, Equatable {
    /// Its id (`evt_…`).
    public var id: String
    /// When it happened.
    public var time: String
    /// Who did it.
    public var actor: AuditActorResponse
    /// What was done, such as `agent.revoke`.
    public var action: String
    /// What it was done to.
    public var target: AuditTargetResponse?
    /// `success`, `denied` or `failed`.
    public var outcome: String
    /// Why, as the actor said, or the code of a denial.
    public var reason: String?
    /// `api`, `cli`, `console`, `mcp`, `channel`, `job` or `host`.
    public var surface: String
    /// `normal`, `setup` or `dry-run`.
    public var mode: String
    /// Address it came from.
    public var address: String?
    /// Program it came from.
    public var userAgent: String?
    /// Id of the request.
    public var requestID: String?
    /// Credential that was used.
    public var credentialID: String?
    /// First characters of its token.
    public var credentialPrefix: String?
    /// What changed, before; never a secret.
    public var before: JSONValue?
    /// What changed, after; never a secret.
    public var after: JSONValue?
    /// More, by action.
    public var details: JSONValue?
    /// How many like it this event stands for, if several.
    public var count: Int64?

    /// Makes it from its fields.
    public init(
        id: String,
        time: String,
        actor: AuditActorResponse,
        action: String,
        target: AuditTargetResponse? = nil,
        outcome: String,
        reason: String? = nil,
        surface: String,
        mode: String,
        address: String? = nil,
        userAgent: String? = nil,
        requestID: String? = nil,
        credentialID: String? = nil,
        credentialPrefix: String? = nil,
        before: JSONValue? = nil,
        after: JSONValue? = nil,
        details: JSONValue? = nil,
        count: Int64? = nil
    ) {
        self.id = id
        self.time = time
        self.actor = actor
        self.action = action
        self.target = target
        self.outcome = outcome
        self.reason = reason
        self.surface = surface
        self.mode = mode
        self.address = address
        self.userAgent = userAgent
        self.requestID = requestID
        self.credentialID = credentialID
        self.credentialPrefix = credentialPrefix
        self.before = before
        self.after = after
        self.details = details
        self.count = count
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case time
        case actor
        case action
        case target
        case outcome
        case reason
        case surface
        case mode
        case address
        case userAgent = "user_agent"
        case requestID = "request_id"
        case credentialID = "credential_id"
        case credentialPrefix = "credential_prefix"
        case before
        case after
        case details
        case count
    }
}
