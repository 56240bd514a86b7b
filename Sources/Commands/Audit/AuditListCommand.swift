import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger audit list`.
struct AuditListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show who did what, newest first."
    )

    @Option(help: "Only this action, such as agent.revoke; may be repeated.")
    var action: [String] = []

    @Option(help: "Only this outcome: success, denied or failed.")
    var outcome: AuditOutcomeOption?

    @Option(help: "Only what this actor did, by id.")
    var actor: String?

    @Option(help: "Only what was done to objects of this kind, such as agent; goes with --target-id.")
    var targetKind: String?

    @Option(help: "Only what was done to the object with this id; goes with --target-kind.")
    var targetID: String?

    @Option(help: "Only events at or after this time (RFC 3339).")
    var since: String?

    @Option(help: "Only events before this time (RFC 3339).")
    var until: String?

    @Option(help: "Whose events: organization, or server for those that belong to none (for server administrators).")
    var scope: AuditScopeOption = .organization

    @Option(help: "How many, 1 to 200.")
    var limit = 50

    @Option(help: "Go on after an earlier page: the next_cursor of its JSON.")
    var cursor: String?

    @OptionGroup var options: ServerOptions

    mutating func validate() throws {
        guard (targetKind == nil) == (targetID == nil) else {
            throw ValidationError("--target-kind and --target-id go together.")
        }
    }

    mutating func run(_ console: Console) async throws {
        var filter = AuditFilter(
            actions: action,
            outcome: outcome?.rawValue,
            actorID: actor,
            since: since,
            until: until,
            scope: scope.scope
        )
        if let targetKind, let targetID { filter.target = (targetKind, targetID) }
        let (chosen, limit, cursor, output) = (filter, limit, cursor, options.output)
        try await ServerConnection.use(options, console) { connection in
            let page = try await connection.client.auditEvents(chosen, limit: limit, cursor: cursor)
            console.show(try AuditReport.list(page), as: output)
        }
    }
}

/// A scope as it is written on the command line.
enum AuditScopeOption: String, ExpressibleByArgument, CaseIterable {
    case organization
    case server

    /// The organization's events are what a list shows anyway.
    var scope: AuditFilter.Scope? { self == .server ? .server : nil }
}

/// An outcome as it is written on the command line.
enum AuditOutcomeOption: String, ExpressibleByArgument, CaseIterable {
    case success
    case denied
    case failed
}
