public import StrictJSON

/// An agent as operators see it.
public struct AgentResponse: Codable, Sendable, Equatable {
    /// Its id (`agt_…`).
    public var id: String
    /// The workspace it belongs to (`wsp_…`).
    public var workspaceID: String
    /// Name for people.
    public var name: String
    /// Short name, unique in the workspace.
    public var slug: String
    /// What it does, for people.
    public var description: String?
    /// Who it is, for the model.
    public var persona: String?
    /// JSON Schema 2020-12 of its input.
    public var inputSchema: JSONValue?
    /// JSON Schema 2020-12 of its output.
    public var outputSchema: JSONValue?
    /// What may start a run.
    public var triggerModes: [TriggerModeName]
    /// Labels.
    public var labels: [String: String]
    /// Name of its environment.
    public var environment: String?
    /// Region it is meant to run in.
    public var region: String?
    /// Models it may use; all if empty.
    public var allowedModels: [String]
    /// Where it stands in its life.
    public var status: AgentStatus
    /// Whether its channel is open.
    public var connection: ConnectionStatus
    /// Whether it can not come back by itself (AGT-3).
    public var needsReset: Bool
    /// What it states about itself, once it enrolled.
    public var statement: AgentStatementResponse?
    /// Its token, once it enrolled.
    public var token: AgentTokenResponse?
    /// The running rotation, if there is one (`rot_…`).
    public var rotationID: String?
    /// Until when the install token works, while the agent is pending.
    public var installTokenExpiresAt: String?
    /// When it enrolled last.
    public var enrolledAt: String?
    /// When its open channel opened.
    public var connectedAt: String?
    /// When it was heard last.
    public var lastSeenAt: String?
    /// When it was created.
    public var createdAt: String
    /// When its definition was changed last.
    public var updatedAt: String

    /// Makes it from its fields.
    public init(
        id: String,
        workspaceID: String,
        name: String,
        slug: String,
        description: String? = nil,
        persona: String? = nil,
        inputSchema: JSONValue? = nil,
        outputSchema: JSONValue? = nil,
        triggerModes: [TriggerModeName],
        labels: [String: String],
        environment: String? = nil,
        region: String? = nil,
        allowedModels: [String],
        status: AgentStatus,
        connection: ConnectionStatus,
        needsReset: Bool,
        statement: AgentStatementResponse? = nil,
        token: AgentTokenResponse? = nil,
        rotationID: String? = nil,
        installTokenExpiresAt: String? = nil,
        enrolledAt: String? = nil,
        connectedAt: String? = nil,
        lastSeenAt: String? = nil,
        createdAt: String,
        updatedAt: String
    ) {
        self.id = id
        self.workspaceID = workspaceID
        self.name = name
        self.slug = slug
        self.description = description
        self.persona = persona
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.triggerModes = triggerModes
        self.labels = labels
        self.environment = environment
        self.region = region
        self.allowedModels = allowedModels
        self.status = status
        self.connection = connection
        self.needsReset = needsReset
        self.statement = statement
        self.token = token
        self.rotationID = rotationID
        self.installTokenExpiresAt = installTokenExpiresAt
        self.enrolledAt = enrolledAt
        self.connectedAt = connectedAt
        self.lastSeenAt = lastSeenAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case workspaceID = "workspace_id"
        case name
        case slug
        case description
        case persona
        case inputSchema = "input_schema"
        case outputSchema = "output_schema"
        case triggerModes = "trigger_modes"
        case labels
        case environment
        case region
        case allowedModels = "allowed_models"
        case status
        case connection
        case needsReset = "needs_reset"
        case statement
        case token
        case rotationID = "rotation_id"
        case installTokenExpiresAt = "install_token_expires_at"
        case enrolledAt = "enrolled_at"
        case connectedAt = "connected_at"
        case lastSeenAt = "last_seen_at"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}
