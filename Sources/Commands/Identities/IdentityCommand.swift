import ArgumentParser
import ClavigerWire

/// The command `claviger identity …` (CLI-2).
struct IdentityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Administer machine identities: service accounts with their tokens, and agents.",
        discussion: """
            Works on a server, as whoever is signed in there, or with --database and --admin-user-email straight on the \
            database, on its host. Whatever changes something needs --confirm; --dry-run makes every check, writes \
            nothing, and prints the plan.
            """,
        subcommands: [
            IdentityCreateCommand.self, IdentityListCommand.self, IdentityInspectCommand.self,
            IdentityRotateCommand.self, IdentityPauseCommand.self, IdentityResumeCommand.self,
            IdentityRevokeCommand.self,
        ]
    )
}

/// The kind of a machine identity as it is written on the command line.
enum IdentityKindOption: String, ExpressibleByArgument, CaseIterable {
    case service
    case agent
}

/// The machine identity a command is about.
struct IdentityArgument: ParsableArguments {
    @Argument(help: "Id (sva_… or agt_…), name of the service account, or slug of the agent.")
    var identity: String
}

/// Whether something is done, or only planned.
struct IdentityConsent: ParsableArguments {
    @Flag(help: "Do it; without this word nothing is touched.")
    var confirm = false

    @Flag(help: "Make every check, write nothing, and print the plan; it wins over --confirm.")
    var dryRun = false

    /// Refuses what nobody confirmed before the store or the network is touched.
    mutating func validate() throws {
        guard confirm || dryRun else {
            throw ValidationError("Nothing was done: give --confirm to do it, or --dry-run to see the plan.")
        }
    }
}

/// What every change of an identity that exists takes.
struct IdentityChangeOptions: ParsableArguments {
    @OptionGroup var consent: IdentityConsent

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    var request: IdentityActionRequest {
        IdentityActionRequest(reason: reason, dryRun: consent.dryRun ? true : nil)
    }
}
