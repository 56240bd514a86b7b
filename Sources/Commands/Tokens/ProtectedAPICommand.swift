import ArgumentParser
import ClavigerWire

/// The command `claviger api …`.
struct ProtectedAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "api",
        abstract: "Register APIs whose callers' tokens this server checks.",
        discussion: "An API is named by its id or its name.",
        subcommands: [
            ProtectedAPICreateCommand.self, ProtectedAPIListCommand.self, ProtectedAPIInspectCommand.self,
            ProtectedAPIUpdateCommand.self, ProtectedAPIDeleteCommand.self,
        ]
    )
}

/// The protected API a command is about.
struct ProtectedAPIArgument: ParsableArguments {
    @Argument(help: "Id (api_…) or name of the API.")
    var api: String
}

/// The fields of a protected API that can be set on the command line.
struct ProtectedAPIFields: ParsableArguments {
    @Option(help: "Accept only tokens that say they serve this.")
    var audience: String?

    @Option(help: "Scope that every token needs there; may be repeated.")
    var scope: [String] = []

    @Option(help: "Kind of token that may be shown there: personal, service, session or agent; may be repeated.")
    var accept: [AcceptedKindOption] = []
}

/// A kind of token as it is written on the command line.
enum AcceptedKindOption: String, ExpressibleByArgument, CaseIterable {
    case personal
    case service
    case session
    case agent
}

/// How protected APIs look.
enum ProtectedAPIReport {
    static func list(_ apis: [ProtectedAPIResponse]) throws -> Report {
        let rows = apis.map { api in
            [
                Cell(api.name), Cell(api.audience), Cell(api.requiredScopes.joined(separator: ", ")),
                Cell(api.acceptedKinds.joined(separator: ", ")), Cell(api.id, .faint),
            ]
        }
        return try Report(Table(["name", "audience", "scopes", "accepts", "id"], rows), list: apis)
    }

    static func one(_ api: ProtectedAPIResponse) throws -> Report {
        let table = Table(details: [
            ("id", Cell(api.id)), ("name", Cell(api.name)), ("audience", Cell(api.audience)),
            ("required scopes", Cell(api.requiredScopes.joined(separator: ", "))),
            ("accepts", Cell(api.acceptedKinds.joined(separator: ", "))),
        ])
        return try Report(table, json: api)
    }
}
