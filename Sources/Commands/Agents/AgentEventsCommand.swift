import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent events`.
struct AgentEventsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show what happened to an agent, newest first."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Only events of this kind; may be repeated.")
    var kind: [String] = []

    @Option(help: "Only events at or after this time (RFC 3339).")
    var since: String?

    @Option(help: "Only events before this time (RFC 3339).")
    var until: String?

    @Option(help: "How many, 1 to 200.")
    var limit = 50

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, kind, since, until) = (subject.agent, kind, since, until)
        let (limit, output) = (limit, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.agentID(name)
            let events = try await connection.client.agentEvents(
                id,
                kinds: kind,
                since: since,
                until: until,
                limit: limit
            ).data
            let rows = events.map { [Cell($0.time), Cell($0.kind), Cell($0.address), Cell($0.message)] }
            console.show(try Report(Table(["time", "kind", "address", "message"], rows), list: events), as: output)
        }
    }
}
