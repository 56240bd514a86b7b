import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account pause`.
struct ServiceAccountPauseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let none of an account's tokens work until it is resumed."
    )

    @OptionGroup var subject: ServiceAccountArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.account, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.serviceAccountID(name)
            let account = try await connection.client.pauseServiceAccount(id, reason: reason)
            console.show(try ServiceAccountReport.one(account), as: output)
        }
    }
}
