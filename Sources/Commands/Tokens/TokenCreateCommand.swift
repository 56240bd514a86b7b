import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token create`.
struct TokenCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a token and show its text, once, on standard output.",
        discussion: "Scopes are never taken for granted: name them, or take a template's with --template."
    )

    @Argument(help: "Name of the token.")
    var name: String

    @OptionGroup var fields: TokenFields

    @Option(help: "Id (sva_…) or name of the service account it is for; without one it is your own.")
    var serviceAccount: String?

    @Option(help: "Template with the scopes and the life to begin with; `claviger token templates` lists them.")
    var template: String?

    @OptionGroup var end: TokenEndOptions

    @OptionGroup var options: ServerOptions

    mutating func validate() throws {
        guard end.isGiven || template != nil else { throw ValidationError(TokenEndOptions.missing) }
        guard !fields.scope.isEmpty || template != nil else { throw ValidationError("Give at least one --scope.") }
    }

    mutating func run(_ console: Console) async throws {
        let (command, options) = (self, options)
        try await ServerConnection.use(options, console) { connection in
            let request = try await command.request(connection)
            let created: TokenSecretResponse
            if let account = command.serviceAccount {
                let id = try await connection.serviceAccountID(account)
                created = try await connection.client.createToken(request, ofServiceAccount: id)
            } else {
                created = try await connection.client.createToken(request)
            }
            try TokenReport.show(created, console, options.output)
        }
    }

    private func request(_ connection: ServerConnection) async throws -> CreateTokenRequest {
        let base = try await template.asyncMap { try await connection.tokenTemplate($0) }
        return CreateTokenRequest(
            name: name,
            description: fields.description,
            scopes: fields.scope.isEmpty ? base?.scopes ?? [] : fields.scope,
            tags: fields.tag.isEmpty ? nil : fields.tag,
            addresses: fields.address.isEmpty ? nil : fields.address,
            serves: fields.serves,
            limits: try fields.limits.isGiven ? fields.limits.own() : nil,
            expiresInDays: end.isGiven ? end.days : base?.expiresInDays,
            expiresAt: end.expiresAt,
            neverExpires: end.neverExpires ? true : nil
        )
    }
}

extension Optional {
    /// What becomes of the value, if there is one.
    fileprivate func asyncMap<Other>(_ convert: (Wrapped) async throws -> Other) async throws -> Other? {
        guard let self else { return nil }
        return try await convert(self)
    }
}
