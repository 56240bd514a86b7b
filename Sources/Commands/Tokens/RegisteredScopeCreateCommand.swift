import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger scope create`.
struct RegisteredScopeCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Register a scope.")

    @Argument(help: "Name of the scope, resource:action; the resource must be none of Claviger's.")
    var name: String

    @Option(help: "What it allows.")
    var description: String?

    @Flag(help: "Show it with a warning where it is chosen.")
    var sensitive = false

    @Flag(help: "Let only administrators put it on tokens.")
    var adminOnly = false

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        let request = CreateRegisteredScopeRequest(
            name: name,
            description: description,
            isSensitive: sensitive ? true : nil,
            isAdminOnly: adminOnly ? true : nil
        )
        try await ServerConnection.use(options, console) { connection in
            let created = try await connection.client.createRegisteredScope(request)
            console.show(try RegisteredScopeReport.one(created), as: output)
        }
    }
}
