import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent revoke`.
struct AgentRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Kill every token of an agent at once and for ever."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.agent, options.output, reason)
        try confirmation.obtain(
            console,
            for: "All tokens of \(name) die at once, its daemon erases them and stops; only a reset brings it back."
        )
        try await ServerConnection.use(options, console) { connection in
            let revoked = try await connection.client.revokeAgent(try await connection.agentID(name), reason: reason)
            let table = Table(details: [
                ("status", Cell(revoked.status.rawValue, .bad)), ("connection", Cell(revoked.connection.rawValue)),
                ("revoked credentials", Cell("\(revoked.revokedCredentials)")),
            ])
            console.show(try Report(table, json: revoked), as: output)
        }
    }
}
