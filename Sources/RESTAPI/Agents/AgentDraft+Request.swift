import ClavigerWire
import Domain
import StrictJSON

extension AgentDraft {
    init(_ request: AgentDefinitionRequest) {
        self.init(
            name: request.name,
            slug: request.slug,
            description: request.description,
            persona: request.persona,
            inputSchema: request.inputSchema?.text,
            outputSchema: request.outputSchema?.text,
            triggerModes: request.triggerModes?.map(\.rawValue),
            labels: request.labels,
            environment: request.environment,
            region: request.region,
            allowedModels: request.allowedModels
        )
    }
}

extension AgentPatch {
    init(_ request: UpdateAgentRequest) {
        self.init()
        name = FieldChange(request.name)
        slug = FieldChange(request.slug)
        description = FieldChange(request.description)
        persona = FieldChange(request.persona)
        inputSchema = FieldChange(request.inputSchema, \.text)
        outputSchema = FieldChange(request.outputSchema, \.text)
        triggerModes = FieldChange(request.triggerModes) { $0.map(\.rawValue) }
        labels = FieldChange(request.labels)
        environment = FieldChange(request.environment)
        region = FieldChange(request.region)
        allowedModels = FieldChange(request.allowedModels)
    }
}

extension FieldChange {
    init(_ field: PatchField<Value>) where Value: Codable {
        self.init(field) { $0 }
    }

    init<Given>(_ field: PatchField<Given>, _ convert: (Given) -> Value) {
        switch field {
        case .absent: self = .keep
        case .null: self = .clear
        case .value(let value): self = .set(convert(value))
        }
    }
}
