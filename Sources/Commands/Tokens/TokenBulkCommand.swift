import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token bulk …`.
struct TokenBulkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bulk",
        abstract: "Do something to all tokens that a filter finds.",
        subcommands: [
            TokenBulkRevokeCommand.self, TokenBulkRotateCommand.self, TokenBulkRescopeCommand.self,
            TokenBulkTagCommand.self,
        ]
    )
}

/// What all bulk commands take.
struct TokenBulkOptions: ParsableArguments {
    @OptionGroup var filters: TokenFilterOptions

    @Flag(help: "Show what would happen; nothing is changed.")
    var dryRun = false

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    /// Runs a bulk operation, page by page, after its confirmation; a dry run needs none, and wins over it.
    func run(
        _ console: Console,
        consequence: String,
        _ send: (ServerConnection, BulkTokensRequest) async throws -> BulkTokensResponse
    ) async throws {
        if !dryRun {
            let which = filters.isEmpty ? "All tokens that you may see" : "All tokens that the filter finds"
            try confirmation.obtain(console, for: "\(which): \(consequence)")
        }
        try await ServerConnection.use(options, console) { connection in
            let filter = TokenFilterRequest(try await filters.filter(connection))
            var lines: [BulkTokenLineResponse] = []
            var cursor: String?
            repeat {
                let order = BulkTokensRequest(
                    filter: filter,
                    dryRun: dryRun ? true : nil,
                    confirm: dryRun ? nil : true,
                    reason: reason,
                    cursor: cursor
                )
                let page = try await send(connection, order)
                lines += page.data
                cursor = page.nextCursor
            } while cursor != nil
            if dryRun { console.note("Nothing was changed.") }
            console.show(try TokenReport.bulk(lines), as: options.output)
        }
    }
}

/// The command `claviger token bulk revoke`.
struct TokenBulkRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Kill the tokens for ever.")

    @OptionGroup var bulk: TokenBulkOptions

    mutating func run(_ console: Console) async throws {
        try await bulk.run(console, consequence: "they are dead at once and for ever.") { connection, order in
            try await connection.client.bulkRevokeTokens(order)
        }
    }
}

/// The command `claviger token bulk rotate`.
struct TokenBulkRotateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Demand a rotation of the tokens within 72 hours; no text is shown."
    )

    @OptionGroup var bulk: TokenBulkOptions

    mutating func run(_ console: Console) async throws {
        let consequence = "they end within 72 hours unless they are rotated one by one."
        try await bulk.run(console, consequence: consequence) { connection, order in
            try await connection.client.bulkRotateTokens(order)
        }
    }
}

/// The command `claviger token bulk rescope`.
struct TokenBulkRescopeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rescope",
        abstract: "Take scopes away from the tokens, or put others in their place."
    )

    @Option(help: "Scope that replaces those of each token; may be repeated.")
    var scope: [String] = []

    @Option(help: "Scope that is taken from each token; may be repeated.")
    var removeScope: [String] = []

    @OptionGroup var bulk: TokenBulkOptions

    mutating func validate() throws {
        guard !scope.isEmpty || !removeScope.isEmpty else { throw ValidationError("Give --scope or --remove-scope.") }
    }

    mutating func run(_ console: Console) async throws {
        let (scopes, removed) = (scope, removeScope)
        try await bulk.run(console, consequence: "they get other scopes.") { connection, order in
            let request = BulkRescopeTokensRequest(
                filter: order.filter,
                scopes: scopes.isEmpty ? nil : scopes,
                removeScopes: removed.isEmpty ? nil : removed,
                dryRun: order.dryRun,
                confirm: order.confirm,
                reason: order.reason,
                cursor: order.cursor
            )
            return try await connection.client.bulkRescopeTokens(request)
        }
    }
}

/// The command `claviger token bulk tag`.
struct TokenBulkTagCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "tag", abstract: "Tag the tokens, or take tags away.")

    @Option(help: "Tag that each token gets; may be repeated.")
    var addTag: [String] = []

    @Option(help: "Tag that is taken from each token; may be repeated.")
    var removeTag: [String] = []

    @OptionGroup var bulk: TokenBulkOptions

    mutating func validate() throws {
        guard !addTag.isEmpty || !removeTag.isEmpty else { throw ValidationError("Give --add-tag or --remove-tag.") }
    }

    mutating func run(_ console: Console) async throws {
        let (added, removed) = (addTag, removeTag)
        try await bulk.run(console, consequence: "they get other tags.") { connection, order in
            let request = BulkTagTokensRequest(
                filter: order.filter,
                addTags: added.isEmpty ? nil : added,
                removeTags: removed.isEmpty ? nil : removed,
                dryRun: order.dryRun,
                confirm: order.confirm,
                reason: order.reason,
                cursor: order.cursor
            )
            return try await connection.client.bulkTagTokens(request)
        }
    }
}
