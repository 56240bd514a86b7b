import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account inspect`.
struct ServiceAccountInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show one service account; `claviger token list --owner` shows its tokens."
    )

    @OptionGroup var subject: ServiceAccountArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.account, options.output)
        try await ServerConnection.use(options, console) { connection in
            let account = try await connection.client.serviceAccount(try await connection.serviceAccountID(name))
            console.show(try ServiceAccountReport.one(account), as: output)
        }
    }
}
