import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger api create`.
struct ProtectedAPICreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Register an API.")

    @Argument(help: "Name of the API.")
    var name: String

    @OptionGroup var fields: ProtectedAPIFields
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        let request = CreateProtectedAPIRequest(
            name: name,
            audience: fields.audience,
            requiredScopes: fields.scope.isEmpty ? nil : fields.scope,
            acceptedKinds: fields.accept.isEmpty ? nil : fields.accept.map(\.rawValue)
        )
        try await ServerConnection.use(options, console) { connection in
            let created = try await connection.client.createProtectedAPI(request)
            console.show(try ProtectedAPIReport.one(created), as: output)
        }
    }
}
