import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent update`.
struct AgentUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change fields of an agent; fields that are not named stay."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "New name.")
    var name: String?

    @OptionGroup var fields: AgentFields

    @Option(help: ArgumentHelp("Field to empty: \(AgentField.names); may be repeated.", valueName: "field"))
    var clear: [AgentField] = []

    @OptionGroup var options: ServerOptions

    mutating func validate() throws {
        for field in clear where field.isSet(in: fields) {
            throw ValidationError("--clear \(field.rawValue) and a new value for it exclude each other.")
        }
    }

    mutating func run(_ console: Console) async throws {
        let request = try request()
        let (subject, output) = (subject.agent, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.agentID(subject)
            console.show(try AgentReport.details(try await connection.client.updateAgent(id, request)), as: output)
        }
    }

    /// Only what was named on the command line; an empty text clears the field.
    private func request() throws(CommandFailure) -> UpdateAgentRequest {
        var request = UpdateAgentRequest()
        if let name { request.name = .value(name) }
        if let slug = fields.slug { request.slug = .value(slug) }
        for field in clear { field.clear(&request) }
        if let text = fields.description { request.description = text.isEmpty ? .null : .value(text) }
        if let text = fields.persona { request.persona = text.isEmpty ? .null : .value(text) }
        if let text = fields.environment { request.environment = text.isEmpty ? .null : .value(text) }
        if let text = fields.region { request.region = text.isEmpty ? .null : .value(text) }
        if let schema = try AgentFields.schema(fields.inputSchema) { request.inputSchema = .value(schema) }
        if let schema = try AgentFields.schema(fields.outputSchema) { request.outputSchema = .value(schema) }
        if !fields.trigger.isEmpty { request.triggerModes = .value(fields.trigger.map(\.name)) }
        if let labels = try fields.labels() { request.labels = .value(labels) }
        if !fields.model.isEmpty { request.allowedModels = .value(fields.model) }
        return request
    }
}
