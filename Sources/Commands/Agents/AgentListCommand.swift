import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger agent list`.
struct AgentListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the agents.")

    @Flag(help: "Show the list again whenever it changes, until interrupted.")
    var watch = false

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let options = options
        let watch = watch
        try await ServerConnection.use(options, console) { connection in
            var shown: [AgentResponse]?
            repeat {
                let agents = try await connection.agents()
                if agents != shown {
                    if watch, console.isOutputTerminal, options.output == .table {
                        console.output("\u{1B}[H\u{1B}[2J\u{1B}[H")
                    }
                    console.show(try AgentReport.list(agents), as: options.output)
                    shown = agents
                }
                if watch { try await Task.sleep(for: .seconds(1)) }
            } while watch
        }
    }
}
