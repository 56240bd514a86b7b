import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger role list`.
struct RoleListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the custom roles.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.roles(try await connection.client.listRoles().data), as: output)
        }
    }
}
