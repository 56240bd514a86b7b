import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger scope list`.
struct RegisteredScopeListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the registered scopes.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let scopes = try await connection.client.registeredScopes().data
            console.show(try RegisteredScopeReport.list(scopes), as: output)
        }
    }
}
