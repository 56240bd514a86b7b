import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger plan list`.
struct PlanListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the plans.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.plans(try await connection.client.listPlans().data), as: output)
        }
    }
}
