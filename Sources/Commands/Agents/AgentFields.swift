import ArgumentParser
import ClavigerServer
import ClavigerWire
import StrictJSON

/// The fields of an agent that can be set on the command line.
struct AgentFields: ParsableArguments {
    @Option(help: "Short name in URLs and commands, unique in the workspace.")
    var slug: String?

    @Option(help: "What the agent does.")
    var description: String?

    @Option(help: "The persona it takes.")
    var persona: String?

    @Option(help: "File with the JSON Schema of its input.")
    var inputSchema: String?

    @Option(help: "File with the JSON Schema of its output.")
    var outputSchema: String?

    @Option(help: "Trigger mode: manual, webhook, schedule or event; may be repeated.")
    var trigger: [TriggerOption] = []

    @Option(help: "Label as key=value; may be repeated.")
    var label: [String] = []

    @Option(help: "Environment, such as production.")
    var environment: String?

    @Option(help: "Region it runs in.")
    var region: String?

    @Option(help: "Model it may use; may be repeated.")
    var model: [String] = []

    /// The whole definition of an agent with these fields.
    func definition(name: String) throws(CommandFailure) -> AgentDefinitionRequest {
        AgentDefinitionRequest(
            name: name,
            slug: slug,
            description: description,
            persona: persona,
            inputSchema: try Self.schema(inputSchema),
            outputSchema: try Self.schema(outputSchema),
            triggerModes: trigger.isEmpty ? nil : trigger.map(\.name),
            labels: try labels(),
            environment: environment,
            region: region,
            allowedModels: model.isEmpty ? nil : model
        )
    }

    /// The labels, each `key=value` once.
    func labels() throws(CommandFailure) -> [String: String]? {
        guard !label.isEmpty else { return nil }
        var labels: [String: String] = [:]
        for text in label {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw CommandFailure(.invalidInput, "--label '\(text)' must be key=value.")
            }
            guard labels.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw CommandFailure(.invalidInput, "--label \(parts[0]) is given twice.")
            }
        }
        return labels
    }

    /// The schema in a file; nil if no file is named.
    static func schema(_ path: String?) throws(CommandFailure) -> JSONValue? {
        guard let path else { return nil }
        do {
            guard let text = try PrivateFile.read(path) else {
                throw CommandFailure(.invalidInput, "there is no file \(path).")
            }
            return try JSONValue(parsing: text)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.invalidInput, "file \(path): \(error)")
        }
    }
}

/// A trigger mode as it is written on the command line.
enum TriggerOption: String, ExpressibleByArgument, CaseIterable {
    case manual
    case webhook
    case schedule
    case event

    var name: TriggerModeName {
        switch self {
        case .manual: .manual
        case .webhook: .webhook
        case .schedule: .schedule
        case .event: .event
        }
    }
}
