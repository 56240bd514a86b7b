import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace create`.
struct WorkspaceCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a workspace.")

    @Argument(help: "Name.")
    var name: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (name, options.output)
        try await ServerConnection.use(options, console) { connection in
            let made = try await connection.client.createWorkspace(name: name)
            console.show(try AccessReport.workspaces([made]), as: output)
        }
    }
}
