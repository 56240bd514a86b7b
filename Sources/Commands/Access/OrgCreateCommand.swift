import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org create`.
struct OrgCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an organization and invite its first owner; for server administrators."
    )

    @Argument(help: "Name.")
    var name: String

    @Option(help: "E-mail address of the first owner.")
    var owner: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (request, output) = (CreateOrganizationRequest(name: name, ownerEmail: owner), options.output)
        try await ServerConnection.use(options, console) { connection in
            let made = try await connection.client.createOrganization(request)
            guard output == .table else { return console.show(try Report(Table([], []), json: made), as: .json) }
            console.note(
                "Made \(made.organization.name) (\(made.organization.id)); \(made.invitation.email) is invited as owner."
            )
            console.note("The link works once, until \(made.invitation.expiresAt):")
            console.output(made.invitationURL ?? "-")
        }
    }
}
