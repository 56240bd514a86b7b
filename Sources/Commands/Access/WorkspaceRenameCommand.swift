import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace rename`.
struct WorkspaceRenameCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Rename a workspace.")

    @Argument(help: "Id (wsp_…) or name.")
    var workspace: String

    @Argument(help: "New name.")
    var name: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (workspace, name, output) = (workspace, name, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.workspaceID(workspace)
            let renamed = try await connection.client.renameWorkspace(id, to: name)
            console.show(try AccessReport.workspaces([renamed]), as: output)
        }
    }
}
