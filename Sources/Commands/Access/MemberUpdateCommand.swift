import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger member update`.
struct MemberUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change role, custom role or single permissions of a member."
    )

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @Option(help: "owner, admin, auditor or member.")
    var role: String?

    @OptionGroup var rights: RightsOptions

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, role, rights, output) = (member, role, rights, options.output)
        try await ServerConnection.use(options, console) { connection in
            let change = UpdateMemberRequest(
                role: role,
                customRoleID: try await connection.roleField(rights),
                grant: rights.granted,
                deny: rights.denied
            )
            let member = try await connection.client.updateMember(try await connection.memberID(name), change)
            console.show(try AccessReport.member(member), as: output)
        }
    }
}
