import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account create`.
struct ServiceAccountCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a service account; its role is never above your own rights."
    )

    @Argument(help: "Name of the account.")
    var name: String

    @Option(help: "manager, developer or viewer.")
    var role: WorkspaceRoleOption

    @Option(help: "Custom role (rol_…) whose permissions stand instead of the role's.")
    var customRole: String?

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        let request = CreateServiceAccountRequest(
            name: name,
            description: description,
            role: role.rawValue,
            customRoleID: customRole
        )
        try await ServerConnection.use(options, console) { connection in
            let created = try await connection.client.createServiceAccount(request)
            console.show(try ServiceAccountReport.one(created), as: output)
        }
    }
}
