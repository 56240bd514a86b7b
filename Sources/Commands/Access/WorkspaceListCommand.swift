import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace list`.
struct WorkspaceListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the workspaces.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.workspaces(try await connection.client.listWorkspaces().data), as: output)
        }
    }
}
