import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token rotate`.
struct TokenRotateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give a token a new text and show it, once, on standard output.",
        discussion: "Of another person's token no text is shown: its owner has 72 hours to rotate it."
    )

    @OptionGroup var subject: TokenArgument

    @Option(help: "Seconds that the old text works on, 0 to 604800; a day for service tokens, none for personal ones.")
    var grace: Int64?

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, options) = (subject.token, options)
        let request = RotateAPITokenRequest(gracePeriodSeconds: grace, reason: reason)
        try await ServerConnection.use(options, console) { connection in
            let answer = try await connection.client.rotateToken(try await connection.tokenID(name), request)
            try TokenReport.show(answer, console, options.output)
        }
    }
}
