import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger invitation create`.
struct InvitationCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Invite a person; the link is shown once."
    )

    @Argument(help: "E-mail address.")
    var email: String

    @Option(help: "owner, admin, auditor or member.")
    var role = "member"

    @Option(help: "Id (rol_…) or name of a custom role.")
    var customRole: String?

    @Option(
        name: .customLong("workspace"),
        parsing: .singleValue,
        help: "A workspace by id or name, = and a role: Main=developer; may stand several times."
    )
    var workspaces: [String] = []

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (email, role, customRole, output) = (email, role, customRole, options.output)
        let places = workspaces
        try await ServerConnection.use(options, console) { connection in
            var workspaces: [InvitationWorkspace] = []
            for place in places {
                let (name, role) = try AccessNames.pair(place)
                workspaces.append(InvitationWorkspace(id: try await connection.workspaceID(name), role: role))
            }
            let request = InvitationRequest(
                email: email,
                role: role,
                customRoleID: try await connection.roleID(customRole),
                workspaces: workspaces
            )
            let made = try await connection.client.invite(request)
            guard output == .table else { return console.show(try Report(Table([], []), json: made), as: .json) }
            console.note("\(made.invitation.email) is invited as \(made.invitation.role).")
            console.note("The link works once, until \(made.invitation.expiresAt):")
            console.output(made.invitationURL ?? "-")
        }
    }
}
