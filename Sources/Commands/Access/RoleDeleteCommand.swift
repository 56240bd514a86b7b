import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger role delete`.
struct RoleDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a custom role that nobody has."
    )

    @Argument(help: "Id (rol_…) or name.")
    var role: String

    @OptionGroup var confirmation: Confirmation

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        try confirmation.obtain(console, for: "The role \(role) is deleted.")
        let role = role
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.deleteRole(try await connection.role(role).id)
            console.note("The role is gone.")
        }
    }
}
