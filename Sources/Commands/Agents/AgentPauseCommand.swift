import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent pause`.
struct AgentPauseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Refuse the agent everything and disconnect it, until it is resumed."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.agent, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let state = try await connection.client.pauseAgent(try await connection.agentID(name), reason: reason)
            console.show(try AgentReport.state(state), as: output)
        }
    }
}
