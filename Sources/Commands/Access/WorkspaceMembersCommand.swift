import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace members`.
struct WorkspaceMembersCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "members",
        abstract: "List who belongs to a workspace."
    )

    @Argument(help: "Id (wsp_…) or name.")
    var workspace: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (workspace, output) = (workspace, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.workspaceID(workspace)
            let members = try await connection.client.workspaceMembers(id).data
            console.show(try AccessReport.workspaceMembers(members), as: output)
        }
    }
}
