import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account update`.
struct ServiceAccountUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change fields of a service account; fields that are not named stay."
    )

    @OptionGroup var subject: ServiceAccountArgument

    @Option(help: "New name.")
    var name: String?

    @Option(help: "manager, developer or viewer.")
    var role: WorkspaceRoleOption?

    @Option(help: "Custom role (rol_…) whose permissions stand instead of the role's; an empty text takes it away.")
    var customRole: String?

    @Option(help: "What it is for; an empty text takes it away.")
    var description: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (request, subject, output) = (request(), subject.account, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.serviceAccountID(subject)
            let account = try await connection.client.updateServiceAccount(id, request)
            console.show(try ServiceAccountReport.one(account), as: output)
        }
    }

    private func request() -> UpdateServiceAccountRequest {
        var request = UpdateServiceAccountRequest()
        if let name { request.name = .value(name) }
        if let role { request.role = .value(role.rawValue) }
        if let customRole { request.customRoleID = customRole.isEmpty ? .null : .value(customRole) }
        if let description { request.description = description.isEmpty ? .null : .value(description) }
        return request
    }
}
