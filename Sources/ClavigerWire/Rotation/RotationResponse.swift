/// A rotation with all its times.
public struct RotationResponse: Codable, Sendable, Equatable {
    /// Its id (`rot_…`).
    public var id: String
    /// The agent.
    public var agentID: String
    /// The credential.
    public var credentialID: String
    /// How urgent it is.
    public var mode: RotationModeName
    /// Where it stands.
    public var state: RotationStateName
    /// Who set it going.
    public var origin: RotationOriginName
    /// Id of who asked, if it was an operator.
    public var requestedBy: String?
    /// Why, as the operator said.
    public var reason: String?
    /// Counts the tokens issued for it, from 1; 0 before the first.
    public var attempt: Int
    /// How many rotations of the credential failed in a row, up to now.
    public var failures: Int?
    /// What failed last.
    public var error: String?
    /// When it was requested.
    public var requestedAt: String
    /// When the pending token was issued.
    public var issuedAt: String?
    /// When it was sent.
    public var deliveredAt: String?
    /// When the agent answered that it is durable.
    public var storedAt: String?
    /// When it was promoted.
    public var promotedAt: String?
    /// When the rotation ended, in whatever way.
    public var endedAt: String?
    /// Until when the pending token lives.
    public var deadline: String?
    /// Before this no rotation begins by itself, after a failure.
    public var nextAttemptAt: String?

    /// Makes it from its fields.
    public init(
        id: String,
        agentID: String,
        credentialID: String,
        mode: RotationModeName,
        state: RotationStateName,
        origin: RotationOriginName,
        requestedBy: String? = nil,
        reason: String? = nil,
        attempt: Int,
        failures: Int? = nil,
        error: String? = nil,
        requestedAt: String,
        issuedAt: String? = nil,
        deliveredAt: String? = nil,
        storedAt: String? = nil,
        promotedAt: String? = nil,
        endedAt: String? = nil,
        deadline: String? = nil,
        nextAttemptAt: String? = nil
    ) {
        self.id = id
        self.agentID = agentID
        self.credentialID = credentialID
        self.mode = mode
        self.state = state
        self.origin = origin
        self.requestedBy = requestedBy
        self.reason = reason
        self.attempt = attempt
        self.failures = failures
        self.error = error
        self.requestedAt = requestedAt
        self.issuedAt = issuedAt
        self.deliveredAt = deliveredAt
        self.storedAt = storedAt
        self.promotedAt = promotedAt
        self.endedAt = endedAt
        self.deadline = deadline
        self.nextAttemptAt = nextAttemptAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case agentID = "agent_id"
        case credentialID = "credential_id"
        case mode
        case state
        case origin
        case requestedBy = "requested_by"
        case reason
        case attempt
        case failures
        case error
        case requestedAt = "requested_at"
        case issuedAt = "issued_at"
        case deliveredAt = "delivered_at"
        case storedAt = "stored_at"
        case promotedAt = "promoted_at"
        case endedAt = "ended_at"
        case deadline
        case nextAttemptAt = "next_attempt_at"
    }
}
