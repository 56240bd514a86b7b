import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token resume`.
struct TokenResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Let a paused token work again.")

    @OptionGroup var subject: TokenArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.token, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.tokenID(name)
            console.show(try TokenReport.one(try await connection.client.resumeToken(id, reason: reason)), as: output)
        }
    }
}
