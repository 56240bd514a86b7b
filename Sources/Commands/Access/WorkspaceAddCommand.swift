import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace add`.
struct WorkspaceAddCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a member of the organization to a workspace."
    )

    @Argument(help: "Id (wsp_…) or name.")
    var workspace: String

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @Option(help: "manager, developer or viewer.")
    var role: String

    @OptionGroup var rights: RightsOptions

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (workspace, member, role, rights, output) = (workspace, member, role, rights, options.output)
        try await ServerConnection.use(options, console) { connection in
            let isID = member.hasPrefix("mbr_")
            let request = AddWorkspaceMemberRequest(
                memberID: isID ? member : nil,
                email: isID ? nil : member,
                role: role,
                customRoleID: try await connection.roleID(rights.customRole),
                grant: rights.granted,
                deny: rights.denied
            )
            let id = try await connection.workspaceID(workspace)
            let added = try await connection.client.addWorkspaceMember(id, request)
            console.show(try AccessReport.workspaceMembers([added]), as: output)
        }
    }
}
