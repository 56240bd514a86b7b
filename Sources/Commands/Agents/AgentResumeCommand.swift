import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent resume`.
struct AgentResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused agent work again with the tokens it has."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.agent, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let state = try await connection.client.resumeAgent(try await connection.agentID(name), reason: reason)
            console.show(try AgentReport.state(state), as: output)
        }
    }
}
