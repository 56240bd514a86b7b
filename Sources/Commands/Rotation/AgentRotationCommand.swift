import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent rotation`.
struct AgentRotationCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotation",
        abstract: "Show the rotation of an agent that is running or ended last."
    )

    @OptionGroup var subject: AgentArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.agent, options.output)
        try await ServerConnection.use(options, console) { connection in
            let rotation = try await connection.client.rotation(ofAgent: try await connection.agentID(name))
            console.show(try RotationReport.details(rotation), as: output)
        }
    }
}
