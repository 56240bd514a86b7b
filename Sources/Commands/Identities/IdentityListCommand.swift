import ArgumentParser
import ClavigerWire

/// The command `claviger identity list`.
struct IdentityListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the service accounts and agents of the workspace."
    )

    @Option(help: "Only service accounts (service) or agents (agent).")
    var kind: IdentityKindOption?

    @OptionGroup var place: IdentityPlaceOptions

    mutating func run(_ console: Console) async throws {
        let (kinds, output) = (kind.map { [$0] } ?? IdentityKindOption.allCases, place.options.output)
        try await place.use(console) { identities in
            var found: [IdentityResponse] = []
            for kind in kinds { found += try await identities.all(kind) }
            console.show(try IdentityReport.list(found), as: output)
        }
    }
}
