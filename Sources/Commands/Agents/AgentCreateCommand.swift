import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent create`.
struct AgentCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an agent and show how to install it."
    )

    @Argument(help: "Name of the agent.")
    var name: String

    @OptionGroup var fields: AgentFields

    @Option(help: "What is printed: native, docker, kubernetes, or the token alone.")
    var format: InstallFormat = .native

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let request = try fields.definition(name: name)
        let format = format
        let options = options
        try await ServerConnection.use(options, console) { connection in
            let created = try await connection.client.createAgent(request)
            guard options.output == .table else {
                return console.show(try Report(Table([], []), json: created), as: .json)
            }
            console.note("Created \(created.agent.slug) (\(created.agent.id)).")
            console.note("The install token works once, until \(created.installTokenExpiresAt).")
            try format.show(console, install: created.install, token: created.installToken)
        }
    }
}
