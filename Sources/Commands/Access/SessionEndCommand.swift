import ArgumentParser
import ClavigerClient

/// The command `claviger session end`.
struct SessionEndCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "end", abstract: "End one of your sessions.")

    @Argument(help: "Id of the session, as `claviger session list` shows it.")
    var session: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let id = session
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.endSession(id)
            console.note("Ended \(id).")
        }
    }
}
