public import StrictJSON

/// Body of `POST /agents` and of `PUT /agents/{id}`: a whole definition; what is absent takes its default.
public struct AgentDefinitionRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters.
    public var name: String
    /// Short name, unique in the workspace: 1 to 63 of `a-z 0-9 -`.
    ///
    /// Made from the name of a new agent if absent; required to replace one.
    public var slug: String?
    /// What it does, for people.
    public var description: String?
    /// Who it is, for the model.
    public var persona: String?
    /// JSON Schema 2020-12 of its input.
    public var inputSchema: JSONValue?
    /// JSON Schema 2020-12 of its output.
    public var outputSchema: JSONValue?
    /// What may start a run; `manual` if absent.
    public var triggerModes: [TriggerModeName]?
    /// Labels; none if absent.
    public var labels: [String: String]?
    /// Name of the environment it belongs to.
    public var environment: String?
    /// Region it is meant to run in.
    public var region: String?
    /// Models it may use; all if absent or empty.
    public var allowedModels: [String]?

    /// Makes it from its fields.
    public init(
        name: String,
        slug: String? = nil,
        description: String? = nil,
        persona: String? = nil,
        inputSchema: JSONValue? = nil,
        outputSchema: JSONValue? = nil,
        triggerModes: [TriggerModeName]? = nil,
        labels: [String: String]? = nil,
        environment: String? = nil,
        region: String? = nil,
        allowedModels: [String]? = nil
    ) {
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
    }

    private enum CodingKeys: String, CodingKey {
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
    }
}
