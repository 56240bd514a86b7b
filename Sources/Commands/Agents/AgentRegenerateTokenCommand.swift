import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent regenerate-token`.
struct AgentRegenerateTokenCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "regenerate-token",
        abstract: "Make a new install token for an agent that never enrolled; the old one dies at once."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @Option(help: "What is printed: native, docker, kubernetes, or the token alone.")
    var format: InstallFormat = .native

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, options, format, reason) = (subject.agent, options, format, reason)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.agentID(name)
            let answer = try await connection.client.regenerateInstallToken(id, reason: reason)
            guard options.output == .table else {
                return console.show(try Report(Table([], []), json: answer), as: .json)
            }
            console.note("The install token works once, until \(answer.installTokenExpiresAt).")
            try format.show(console, install: answer.install, token: answer.installToken)
        }
    }
}
