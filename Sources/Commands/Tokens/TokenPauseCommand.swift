import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token pause`.
struct TokenPauseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Refuse every use of a token until it is resumed."
    )

    @OptionGroup var subject: TokenArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.token, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.tokenID(name)
            console.show(try TokenReport.one(try await connection.client.pauseToken(id, reason: reason)), as: output)
        }
    }
}
