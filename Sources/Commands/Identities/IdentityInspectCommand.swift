import ArgumentParser

/// The command `claviger identity inspect`.
struct IdentityInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show a machine identity: scopes, expiry, last use, and what was done to it lately."
    )

    @OptionGroup var subject: IdentityArgument
    @OptionGroup var place: IdentityPlaceOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.identity, place.options.output)
        try await place.use(console) { identities in
            let found = try await identities.inspect(try await identities.id(name))
            console.show(try IdentityReport.one(found), as: output)
        }
    }
}
