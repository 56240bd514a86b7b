import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger scope delete`.
struct RegisteredScopeDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Forget a scope: it counts for nothing on the tokens that carry it."
    )

    @Argument(help: "Name of the scope.")
    var name: String

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = name
        try confirmation.obtain(console, for: "\(name) counts for nothing from now on, on every token.")
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.deleteRegisteredScope(name)
            console.note("Deleted.")
        }
    }
}
