import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace set`.
struct WorkspaceSetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change what a member is in a workspace."
    )

    @Argument(help: "Id (wsp_…) or name.")
    var workspace: String

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @Option(help: "manager, developer or viewer.")
    var role: String?

    @Option(help: "active or paused.")
    var status: String?

    @OptionGroup var rights: RightsOptions

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (workspace, member, role, status) = (workspace, member, role, status)
        let (rights, output) = (rights, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.workspaceID(workspace)
            let found = try await connection.client.workspaceMembers(id).data
                .first { $0.memberID == member || $0.email == member.lowercased() }
            guard let found else { throw CommandFailure(.notFound, "\(member) doesn't belong to \(workspace).") }
            let change = UpdateWorkspaceMemberRequest(
                role: role,
                customRoleID: try await connection.roleField(rights),
                grant: rights.granted,
                deny: rights.denied,
                status: status
            )
            let changed = try await connection.client.updateWorkspaceMember(id, found.memberID, change)
            console.show(try AccessReport.workspaceMembers([changed]), as: output)
        }
    }
}
