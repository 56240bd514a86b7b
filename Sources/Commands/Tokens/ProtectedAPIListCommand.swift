import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger api list`.
struct ProtectedAPIListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the registered APIs.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try ProtectedAPIReport.list(try await connection.client.protectedAPIs().data), as: output)
        }
    }
}
