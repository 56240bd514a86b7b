import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger policy set`.
struct PolicySetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Write the whole policy from a JSON file."
    )

    @Option(help: "JSON file as `claviger policy get -o json` shows it, or - for standard input.")
    var file: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let request = try AccessNames.policy(console, file)
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.policy(try await connection.client.putPolicy(request)), as: output)
        }
    }
}
