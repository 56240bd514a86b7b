import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger role update`.
struct RoleUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a custom role; everybody who has it follows at once."
    )

    @Argument(help: "Id (rol_…) or name.")
    var role: String

    @Option(help: "New name.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(name: .customLong("permission"), parsing: .singleValue, help: "A permission; those given replace all.")
    var permissions: [String] = []

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let change = UpdateRoleRequest(
            name: name,
            description: description,
            permissions: permissions.isEmpty ? nil : permissions
        )
        let (role, output) = (role, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.role(role).id
            console.show(try AccessReport.role(try await connection.client.updateRole(id, change)), as: output)
        }
    }
}
