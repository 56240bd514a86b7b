import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace remove`.
struct WorkspaceRemoveCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a member out of a workspace."
    )

    @Argument(help: "Id (wsp_…) or name.")
    var workspace: String

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @OptionGroup var confirmation: Confirmation

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        try confirmation.obtain(console, for: "\(member) loses every right in \(workspace) at once.")
        let (workspace, member) = (workspace, member)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.workspaceID(workspace)
            let found = try await connection.client.workspaceMembers(id).data
                .first { $0.memberID == member || $0.email == member.lowercased() }
            guard let found else { throw CommandFailure(.notFound, "\(member) doesn't belong to \(workspace).") }
            try await connection.client.removeWorkspaceMember(id, found.memberID)
            console.note("\(found.email) is out of \(workspace).")
        }
    }
}
