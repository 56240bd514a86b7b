import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token update`.
struct TokenUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change fields of a token; fields that are not named stay, lists are replaced as a whole."
    )

    @OptionGroup var subject: TokenArgument

    @Option(help: "New name.")
    var name: String?

    @OptionGroup var fields: TokenFields

    @Option(
        help: ArgumentHelp(
            "Field to empty: description, tags, addresses, serves or limits; may be repeated.",
            valueName: "field"
        )
    )
    var clear: [TokenField] = []

    @OptionGroup var options: ServerOptions

    mutating func validate() throws {
        for field in clear where field.isSet(in: fields) {
            throw ValidationError("--clear \(field.rawValue) and a new value for it exclude each other.")
        }
    }

    mutating func run(_ console: Console) async throws {
        let (base, limits, subject, output) = (request(), fields.limits, subject.token, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.tokenID(subject)
            var request = base
            if limits.isGiven {
                request.limits = .value(try limits.own(over: try await connection.client.token(id).limits))
            }
            console.show(try TokenReport.one(try await connection.client.updateToken(id, request)), as: output)
        }
    }

    private func request() -> UpdateTokenRequest {
        var request = UpdateTokenRequest()
        if let name { request.name = .value(name) }
        for field in clear { field.clear(&request) }
        if let text = fields.description { request.description = .value(text) }
        if let text = fields.serves { request.serves = .value(text) }
        if !fields.scope.isEmpty { request.scopes = .value(fields.scope) }
        if !fields.tag.isEmpty { request.tags = .value(fields.tag) }
        if !fields.address.isEmpty { request.addresses = .value(fields.address) }
        return request
    }
}
