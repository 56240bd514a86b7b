import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent cancel-rotation`.
struct AgentCancelRotationCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-rotation",
        abstract: "Cancel the running rotation of an agent; its current token goes on."
    )

    @OptionGroup var subject: AgentArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.agent, options.output)
        try await ServerConnection.use(options, console) { connection in
            let rotation = try await connection.client.cancelRotation(ofAgent: try await connection.agentID(name))
            console.show(try RotationReport.details(rotation), as: output)
        }
    }
}
