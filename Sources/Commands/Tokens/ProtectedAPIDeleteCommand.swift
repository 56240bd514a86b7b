import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger api delete`.
struct ProtectedAPIDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Forget an API: no token is good there any more."
    )

    @OptionGroup var subject: ProtectedAPIArgument
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = subject.api
        try confirmation.obtain(console, for: "\(name) is forgotten, and no token is good there any more.")
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.deleteProtectedAPI(try await connection.protectedAPIID(name))
            console.note("Deleted.")
        }
    }
}
