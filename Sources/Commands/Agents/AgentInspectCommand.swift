import ArgumentParser
import ClavigerClient

/// The command `claviger agent inspect`.
struct AgentInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show everything about one agent."
    )

    @OptionGroup var subject: AgentArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.agent, options.output)
        try await ServerConnection.use(options, console) { connection in
            console.show(try AgentReport.details(try await connection.agent(name)), as: output)
        }
    }
}
