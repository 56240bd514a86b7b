import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token permissions`.
struct TokenPermissionsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions",
        abstract: "Explain what a token may do, and what withheld the rest."
    )

    @OptionGroup var subject: TokenArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.token, options.output)
        try await ServerConnection.use(options, console) { connection in
            let view = try await connection.client.tokenPermissions(try await connection.tokenID(name))
            console.show(try AccessReport.permissions(view), as: output)
        }
    }
}
