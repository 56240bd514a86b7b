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
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = subject.agent
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let answer = try await connection.client.endGrace(ofAgent: try await connection.agentID(name))
            let table = Table(details: [
                ("ended", Cell(answer.ended ? "yes" : "no grace was running")),
                ("previous until", Cell(answer.previousValidUntil)),
            ])
            console.show(try Report(table, json: answer), as: output)
        }
    }
}
