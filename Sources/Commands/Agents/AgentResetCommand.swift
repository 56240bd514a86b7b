import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent reset`.
struct AgentResetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Kill every token of an agent and enrol it anew; the answer to a leaked token or a cloned machine."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @Option(help: "What is printed: native, docker, kubernetes, or the token alone.")
    var format: InstallFormat = .native

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, options, format, reason) = (subject.agent, options, format, reason)
        try confirmation.obtain(
            console,
            for: "All tokens of \(name) die at once, its daemon erases them, and it has to be installed again."
        )
        try await ServerConnection.use(options, console) { connection in
            let reset = try await connection.client.resetAgent(try await connection.agentID(name), reason: reason)
            guard options.output == .table else {
                return console.show(try Report(Table([], []), json: reset), as: .json)
            }
            console.note("Reset \(reset.agent.slug): all its credentials are revoked.")
            console.note("The install token works once, until \(reset.installTokenExpiresAt).")
            try format.show(console, install: reset.install, token: reset.installToken)
        }
    }
}
