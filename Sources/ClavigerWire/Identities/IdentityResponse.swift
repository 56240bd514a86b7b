/// A machine identity: a service account with its tokens, or an agent; never a text or a hash of a token.
public struct IdentityResponse: Codable, Sendable, Equatable {
    /// Its id (`sva_…` or `agt_…`).
    public var id: String
    /// `service` or `agent`.
    public var kind: String
    /// Name for people.
    public var name: String
    /// The account, if it is one.
    public var serviceAccount: ServiceAccountResponse?
    /// The agent, if it is one.
    public var agent: AgentResponse?
    /// The account's newest tokens, at most 50; absent in a list.
    public var tokens: [TokenResponse]?
    /// What was done to it and to its tokens lately, at most 20, the newest first; absent in a list.
    public var events: [AuditEventResponse]?

    /// Makes it from its fields.
    public init(
        id: String,
        kind: String,
        name: String,
        serviceAccount: ServiceAccountResponse? = nil,
        agent: AgentResponse? = nil,
        tokens: [TokenResponse]? = nil,
        events: [AuditEventResponse]? = nil
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.serviceAccount = serviceAccount
        self.agent = agent
        self.tokens = tokens
        self.events = events
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case kind
        case name
        case serviceAccount = "service_account"
        case agent
        case tokens
        case events
    }
}
