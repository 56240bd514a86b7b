import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token revoke`.
struct TokenRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Kill a token for ever.")

    @OptionGroup var subject: TokenArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.token, options.output, reason)
        try confirmation.obtain(console, for: "\(name) is dead at once and for ever.")
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.tokenID(name)
            console.show(try TokenReport.one(try await connection.client.revokeToken(id, reason: reason)), as: output)
        }
    }
}
