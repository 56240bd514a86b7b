public import StrictJSON

/// Body of `PATCH /agents/{id}`: what is absent stays, `null` clears, a value replaces the whole field.
///
/// `name` can not be cleared. `null` for `slug` makes it from the name anew, for `trigger_modes` it means `manual`.
public struct UpdateAgentRequest: Codable, Sendable, Equatable {
    /// Name for people, 1 to 255 characters.
    public var name: PatchField<String> = .absent
    /// Short name, unique in the workspace.
    public var slug: PatchField<String> = .absent
    /// What it does, for people.
    public var description: PatchField<String> = .absent
    /// Who it is, for the model.
    public var persona: PatchField<String> = .absent
    /// JSON Schema 2020-12 of its input.
    public var inputSchema: PatchField<JSONValue> = .absent
    /// JSON Schema 2020-12 of its output.
    public var outputSchema: PatchField<JSONValue> = .absent
    /// What may start a run.
    public var triggerModes: PatchField<[TriggerModeName]> = .absent
    /// Labels; the given ones replace all.
    public var labels: PatchField<[String: String]> = .absent
    /// Name of the environment it belongs to.
    public var environment: PatchField<String> = .absent
    /// Region it is meant to run in.
    public var region: PatchField<String> = .absent
    /// Models it may use; the given ones replace all.
    public var allowedModels: PatchField<[String]> = .absent

    /// Makes a request that changes nothing yet.
    public init() {}

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

    /// Reads the fields that are present.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.patch(String.self, forKey: .name)
        slug = try container.patch(String.self, forKey: .slug)
        description = try container.patch(String.self, forKey: .description)
        persona = try container.patch(String.self, forKey: .persona)
        inputSchema = try container.patch(JSONValue.self, forKey: .inputSchema)
        outputSchema = try container.patch(JSONValue.self, forKey: .outputSchema)
        triggerModes = try container.patch([TriggerModeName].self, forKey: .triggerModes)
        labels = try container.patch([String: String].self, forKey: .labels)
        environment = try container.patch(String.self, forKey: .environment)
        region = try container.patch(String.self, forKey: .region)
        allowedModels = try container.patch([String].self, forKey: .allowedModels)
    }

    /// Writes the fields that are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(patch: name, forKey: .name)
        try container.encode(patch: slug, forKey: .slug)
        try container.encode(patch: description, forKey: .description)
        try container.encode(patch: persona, forKey: .persona)
        try container.encode(patch: inputSchema, forKey: .inputSchema)
        try container.encode(patch: outputSchema, forKey: .outputSchema)
        try container.encode(patch: triggerModes, forKey: .triggerModes)
        try container.encode(patch: labels, forKey: .labels)
        try container.encode(patch: environment, forKey: .environment)
        try container.encode(patch: region, forKey: .region)
        try container.encode(patch: allowedModels, forKey: .allowedModels)
    }
}
