import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger member permissions`.
struct MemberPermissionsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "Explain what a member may do, and what withheld the rest."
    )

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @Option(help: "Id (wsp_…) or name of a workspace; otherwise the one you act in.")
    var workspace: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, workspace, output) = (member, workspace, options.output)
        try await ServerConnection.use(options, console) { connection in
            var place: String?
            if let workspace { place = try await connection.workspaceID(workspace) }
            let id = try await connection.memberID(name)
            let view = try await connection.client.memberPermissions(id, workspace: place)
            console.show(try AccessReport.permissions(view), as: output)
        }
    }
}
