import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org join`.
struct OrgJoinCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Accept an invitation as the person who is signed in."
    )

    @Option(help: "File with the invitation's secret, or - for standard input; otherwise it is asked for.")
    var secretFile: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let secret = try SecretInput.read(console, prompt: "Secret of the invitation: ", file: secretFile)
        try await ServerConnection.use(options, console) { connection in
            let place = try await connection.client.joinOrganization(JoinOrganizationRequest(secret: secret))
            console.note("You belong to \(place.name) now; `claviger org use \(place.id)` acts in it.")
        }
    }
}
