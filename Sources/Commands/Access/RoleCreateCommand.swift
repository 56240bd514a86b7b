import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger role create`.
struct RoleCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a custom role.")

    @Argument(help: "Name.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @Option(
        name: .customLong("permission"),
        parsing: .singleValue,
        help: "A permission, like agents:read; may stand several times."
    )
    var permissions: [String] = []

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let request = CreateRoleRequest(name: name, description: description, permissions: permissions)
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.role(try await connection.client.createRole(request)), as: output)
        }
    }
}
