import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent list`.
struct AgentListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the agents.")

    @OptionGroup var filters: AgentFilterOptions

    @Flag(help: "Show the list again whenever it changes, until interrupted.")
    var watch = false

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (options, watch, filter) = (options, watch, filters.filter)
        try await ServerConnection.use(options, console) { connection in
            var shown: [AgentResponse]?
            repeat {
                let agents = try await connection.agents(filter)
                let compared = agents.map(Self.withoutSighting)
                if compared != shown {
                    if watch, console.isOutputTerminal, options.output == .table {
                        console.output("\u{1B}[H\u{1B}[2J\u{1B}[H")
                    }
                    console.show(try AgentReport.list(agents), as: options.output)
                    shown = compared
                }
                if watch { try await Task.sleep(for: .seconds(1)) }
            } while watch
        }
    }

    /// That a connected agent was heard again is no change.
    private static func withoutSighting(_ agent: AgentResponse) -> AgentResponse {
        var agent = agent
        agent.lastSeenAt = nil
        return agent
    }
}

/// Which agents are listed; all conditions hold together.
struct AgentFilterOptions: ParsableArguments {
    @Option(help: "Only agents that are pending, active, paused or revoked.")
    var status: AgentStatusOption?

    @Option(help: "Only agents that are connected or disconnected.")
    var connection: AgentConnectionOption?

    @Option(help: "Only agents of this environment.")
    var environment: String?

    @Option(help: "Only agents with this label, written name=value.")
    var label: String?

    @Option(help: "Only agents whose name or slug contains this.")
    var text: String?

    var filter: AgentFilter {
        AgentFilter(
            status: status.flatMap { AgentStatus(rawValue: $0.rawValue) },
            connection: connection.flatMap { ConnectionStatus(rawValue: $0.rawValue) },
            environment: environment,
            label: label,
            text: text
        )
    }
}

/// A status as it is written on the command line.
enum AgentStatusOption: String, ExpressibleByArgument, CaseIterable {
    case pending
    case active
    case paused
    case revoked
}

/// A connection as it is written on the command line.
enum AgentConnectionOption: String, ExpressibleByArgument, CaseIterable {
    case connected
    case disconnected
}
