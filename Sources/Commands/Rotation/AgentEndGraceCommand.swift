import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent end-grace`.
struct AgentEndGraceCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-grace",
        abstract: "Let the previous token of an agent die now instead of at the end of its grace."
    )

    @OptionGroup var subject: AgentArgument

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output, reason) = (subject.agent, options.output, reason)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.agentID(name)
            let answer = try await connection.client.endGrace(ofAgent: id, reason: reason)
            let table = Table(details: [
                ("ended", Cell(answer.ended ? "yes" : "no grace was running")),
                ("previous until", Cell(answer.previousValidUntil)),
            ])
            console.show(try Report(table, json: answer), as: output)
        }
    }
}
