import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account list`.
struct ServiceAccountListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the service accounts.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try ServiceAccountReport.list(try await connection.serviceAccounts()), as: output)
        }
    }
}
