import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger policy get`.
struct PolicyGetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show the policy.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.policy(try await connection.client.policy()), as: output)
        }
    }
}
