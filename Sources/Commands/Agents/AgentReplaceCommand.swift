import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent replace`.
struct AgentReplaceCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Write the whole definition of an agent anew; fields that are not named are emptied.",
        discussion: "Its credentials and its history stay. To change single fields use `claviger agent update`."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Name.")
    var name: String

    @OptionGroup var fields: AgentFields
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let request = try fields.definition(name: name)
        let (subject, output) = (subject.agent, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.agentID(subject)
            console.show(
                try AgentReport.details(try await connection.client.replaceAgent(id, with: request)),
                as: output
            )
        }
    }
}
