import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token inspect`.
struct TokenInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show everything about one token but its text."
    )

    @OptionGroup var subject: TokenArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.token, options.output)
        try await ServerConnection.use(options, console) { connection in
            let details = try await connection.client.tokenDetails(try await connection.tokenID(name))
            console.show(try TokenReport.details(details), as: output)
        }
    }
}
