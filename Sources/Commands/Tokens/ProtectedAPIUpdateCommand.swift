import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger api update`.
struct ProtectedAPIUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change fields of a registered API; fields that are not named stay, lists are replaced as a whole."
    )

    @OptionGroup var subject: ProtectedAPIArgument

    @Option(help: "New name.")
    var name: String?

    @OptionGroup var fields: ProtectedAPIFields

    @Flag(help: "Accept tokens whatever they serve.")
    var anyAudience = false

    @Flag(help: "Need no scopes.")
    var noScopes = false

    @OptionGroup var options: ServerOptions

    mutating func validate() throws {
        guard !anyAudience || fields.audience == nil else {
            throw ValidationError("--any-audience and --audience exclude each other.")
        }
        guard !noScopes || fields.scope.isEmpty else {
            throw ValidationError("--no-scopes and --scope exclude each other.")
        }
    }

    mutating func run(_ console: Console) async throws {
        let (request, subject, output) = (request(), subject.api, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.protectedAPIID(subject)
            let api = try await connection.client.updateProtectedAPI(id, request)
            console.show(try ProtectedAPIReport.one(api), as: output)
        }
    }

    private func request() -> UpdateProtectedAPIRequest {
        var request = UpdateProtectedAPIRequest()
        if let name { request.name = .value(name) }
        if let audience = fields.audience { request.audience = .value(audience) }
        if anyAudience { request.audience = .null }
        if !fields.scope.isEmpty { request.requiredScopes = .value(fields.scope) }
        if noScopes { request.requiredScopes = .null }
        if !fields.accept.isEmpty { request.acceptedKinds = .value(fields.accept.map(\.rawValue)) }
        return request
    }
}
