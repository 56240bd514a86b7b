import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account resume`.
struct ServiceAccountResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Let a paused account's tokens work again."
    )

    @OptionGroup var subject: ServiceAccountArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.account, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.serviceAccountID(name)
            let account = try await connection.client.resumeServiceAccount(id, reason: reason)
            console.show(try ServiceAccountReport.one(account), as: output)
        }
    }
}
