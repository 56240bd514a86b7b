import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger settings get`.
struct SettingsGetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show all settings, or one.")

    @Argument(help: "Key of the setting.")
    var key: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (key, output) = (key, options.output)
        try await ServerConnection.use(options, console) { connection in
            let all = try await connection.client.settings().data
            let chosen = all.filter { key == nil || $0.key == key }
            guard !chosen.isEmpty || key == nil else {
                throw CommandFailure(.notFound, "there is no setting \(key ?? "").")
            }
            console.show(try SettingsReport.list(chosen), as: output)
        }
    }
}
