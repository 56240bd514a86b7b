import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger plan inspect`.
struct PlanInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Show a plan.")

    @Argument(help: "Id (pln_…) or name.")
    var plan: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (plan, options.output)
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.plans([try await connection.plan(name)]), as: output)
        }
    }
}
