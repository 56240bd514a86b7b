import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token list`.
struct TokenListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tokens that you may see."
    )

    @OptionGroup var filters: TokenFilterOptions
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (filters, output) = (filters, options.output)
        try await ServerConnection.use(options, console) { connection in
            let tokens = try await connection.tokens(try await filters.filter(connection))
            console.show(try TokenReport.list(tokens), as: output)
        }
    }
}

/// Which tokens a command is about; all conditions hold together.
struct TokenFilterOptions: ParsableArguments {
    @Option(help: "Only tokens of this person (usr_…) or service account (sva_… or its name).")
    var owner: String?

    @Option(help: "Only personal or service tokens.")
    var kind: TokenKindOption?

    @Option(help: "Only tokens that are live, paused, suspended or revoked.")
    var status: TokenStatusOption?

    @Option(help: "Only tokens with this tag.")
    var tag: String?

    @Option(help: "Only tokens whose name, description or service contains this.")
    var text: String?

    @Option(help: "Only tokens that end before this RFC 3339 time.")
    var expiresBefore: String?

    @Flag(help: "Only tokens that are not as the organization's policy wants them.")
    var outOfPolicy = false

    @Flag(help: "Only service tokens whose current text was shown to a person who left.")
    var seenByDeparted = false

    /// Whether nothing is narrowed.
    var isEmpty: Bool {
        owner == nil && kind == nil && status == nil && tag == nil && text == nil && expiresBefore == nil
            && !outOfPolicy && !seenByDeparted
    }

    func filter(_ connection: ServerConnection) async throws -> TokenFilter {
        var filter = TokenFilter(kind: kind?.rawValue, status: status?.rawValue, tag: tag, text: text)
        filter.expiresBefore = expiresBefore
        filter.isOutOfPolicy = outOfPolicy
        filter.isSeenByDeparted = seenByDeparted
        if let owner {
            filter.owner = owner.hasPrefix("usr_") ? owner : try await connection.serviceAccountID(owner)
        }
        return filter
    }
}

/// A kind of token as it is written on the command line.
enum TokenKindOption: String, ExpressibleByArgument, CaseIterable {
    case personal
    case service
}

/// A token's status as it is written on the command line.
enum TokenStatusOption: String, ExpressibleByArgument, CaseIterable {
    case live
    case paused
    case suspended
    case revoked
}
