import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent rotate`.
struct AgentRotateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Give an agent a new token while it stays connected."
    )

    @OptionGroup var subject: AgentArgument

    @Option(
        help:
            "graceful: the old token lives on for the grace; immediate: it dies when the new one is used; force: it dies now."
    )
    var mode: RotationModeOption = .graceful

    @Option(help: "Why; it is kept in the rotation and the audit history.")
    var reason: String?

    @Option(help: "Seconds to wait for the agent's answer.")
    var wait: Int?

    @Flag(help: "Refuse instead of waiting if the agent is not connected.")
    var requireConnected = false

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (subject.agent, options.output)
        if mode == .force {
            try confirmation.obtain(
                console,
                for: "The token of \(name) dies at once; if the agent can't take the new one, it needs a reset."
            )
        }
        let request = RotateTokenRequest(
            mode: mode.name,
            reason: reason,
            waitSeconds: wait,
            requireConnected: requireConnected ? true : nil,
            confirm: mode == .force ? true : nil
        )
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.agentID(name)
            if console.isNoteTerminal { console.note("Waiting for the agent…") }
            let answer = try await connection.client.rotateAgentToken(id, request)
            if let message = answer.message { console.note(Cell(message).text) }
            console.show(try RotationReport.receipt(answer), as: output)
        }
    }
}

/// A rotation's mode as it is written on the command line.
enum RotationModeOption: String, ExpressibleByArgument, CaseIterable {
    case graceful
    case immediate
    case force

    var name: RotationModeName {
        switch self {
        case .graceful: .graceful
        case .immediate: .immediate
        case .force: .force
        }
    }
}
