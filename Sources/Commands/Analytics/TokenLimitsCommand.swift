import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger token limits`.
struct TokenLimitsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Show where a token ran into its limits, how often, and which limits would do."
    )

    @OptionGroup var subject: TokenArgument
    @Option(help: "How many days to look back, 1 to 31.") var days = 7
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, days, output) = (subject.token, days, options.output)
        try await ServerConnection.use(options, console) { connection in
            let limits = try await connection.client.tokenLimits(try await connection.tokenID(name), days: days)
            var rows = limits.limits.map { line in
                let peak = line.peak.map { ", peak \($0)" } ?? ""
                let advice = line.suggested.map { ", suggested \($0)" } ?? ""
                let tone: Cell.Tone = line.suggested == nil ? .plain : .warning
                return ("limit \(line.name)", Cell("\(line.limit)\(peak)\(advice)", tone))
            }
            rows += limits.exceeded.map { line in
                ("refused", Cell("\(line.endpoint), \(line.refused) of \(line.calls), last \(line.lastRefusedAt)"))
            }
            console.show(try Report(Table(details: rows), json: limits), as: output)
        }
    }
}
