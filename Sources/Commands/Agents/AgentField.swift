import ArgumentParser
import ClavigerWire

/// A field of an agent that can be emptied, as it is written on the command line.
enum AgentField: String, ExpressibleByArgument, CaseIterable {
    case description
    case persona
    case inputSchema = "input-schema"
    case outputSchema = "output-schema"
    case labels
    case environment
    case region
    case models

    /// All of them, for a help text.
    static let names: String = {
        let names = allCases.map(\.rawValue)
        return names.dropLast().joined(separator: ", ") + " or \(names.last ?? "")"
    }()

    /// Whether the command line gives it a value.
    func isSet(in fields: AgentFields) -> Bool {
        switch self {
        case .description: fields.description != nil
        case .persona: fields.persona != nil
        case .inputSchema: fields.inputSchema != nil
        case .outputSchema: fields.outputSchema != nil
        case .labels: !fields.label.isEmpty
        case .environment: fields.environment != nil
        case .region: fields.region != nil
        case .models: !fields.model.isEmpty
        }
    }

    func clear(_ request: inout UpdateAgentRequest) {
        switch self {
        case .description: request.description = .null
        case .persona: request.persona = .null
        case .inputSchema: request.inputSchema = .null
        case .outputSchema: request.outputSchema = .null
        case .labels: request.labels = .null
        case .environment: request.environment = .null
        case .region: request.region = .null
        case .models: request.allowedModels = .null
        }
    }
}
