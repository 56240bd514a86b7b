/// What an operator writes to create or replace an agent, not yet checked.
///
/// ``checked()`` makes an ``AgentProfile`` of it or names every faulty field.
package struct AgentDraft: Hashable, Sendable {
    package var name: String
    /// Made from the name if absent.
    package var slug: String?
    package var description: String?
    package var persona: String?
    package var inputSchema: String?
    package var outputSchema: String?
    package var triggerModes: [String]?
    package var labels: [String: String]?
    package var environment: String?
    package var region: String?
    package var allowedModels: [String]?

    package init(
        name: String,
        slug: String? = nil,
        description: String? = nil,
        persona: String? = nil,
        inputSchema: String? = nil,
        outputSchema: String? = nil,
        triggerModes: [String]? = nil,
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
}

/// A change of one field: left alone, removed, or set.
package enum FieldChange<Value: Hashable & Sendable>: Hashable, Sendable {
    case keep
    case clear
    case set(Value)

    /// What becomes of a value that was there, or wasn't.
    package func applied(to kept: Value?) -> Value? {
        switch self {
        case .keep: kept
        case .clear: nil
        case .set(let value): value
        }
    }
}

/// What an operator changes of an agent; a field that is kept stays as it is.
package struct AgentPatch: Hashable, Sendable {
    package var name: FieldChange<String> = .keep
    package var slug: FieldChange<String> = .keep
    package var description: FieldChange<String> = .keep
    package var persona: FieldChange<String> = .keep
    package var inputSchema: FieldChange<String> = .keep
    package var outputSchema: FieldChange<String> = .keep
    package var triggerModes: FieldChange<[String]> = .keep
    package var labels: FieldChange<[String: String]> = .keep
    package var environment: FieldChange<String> = .keep
    package var region: FieldChange<String> = .keep
    package var allowedModels: FieldChange<[String]> = .keep

    package init() {}
}
