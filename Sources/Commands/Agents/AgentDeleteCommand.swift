import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent delete`.
struct AgentDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Disconnect an agent, kill its tokens and remove it; its history stays."
    )

    @OptionGroup var subject: AgentArgument
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = subject.agent
        try confirmation.obtain(console, for: "\(name) is disconnected and removed, and all its tokens die at once.")
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.deleteAgent(try await connection.agentID(name))
            console.note("Deleted \(name).")
        }
    }
}
