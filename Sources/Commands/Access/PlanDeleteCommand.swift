import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger plan delete`.
struct PlanDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a plan that no organization has."
    )

    @Argument(help: "Id (pln_…) or name.")
    var plan: String

    @OptionGroup var confirmation: Confirmation

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        try confirmation.obtain(console, for: "The plan \(plan) is deleted.")
        let plan = plan
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.deletePlan(try await connection.plan(plan).id)
            console.note("The plan is gone.")
        }
    }
}
