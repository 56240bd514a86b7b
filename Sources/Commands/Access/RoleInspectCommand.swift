import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger role inspect`.
struct RoleInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Show a custom role.")

    @Argument(help: "Id (rol_…) or name.")
    var role: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (role, options.output)
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.role(try await connection.role(name)), as: output)
        }
    }
}
