import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger api inspect`.
struct ProtectedAPIInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Show one registered API.")

    @OptionGroup var subject: ProtectedAPIArgument
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.api, options.output)
        try await ServerConnection.use(options, console) { connection in
            let api = try await connection.client.protectedAPI(try await connection.protectedAPIID(name))
            console.show(try ProtectedAPIReport.one(api), as: output)
        }
    }
}
