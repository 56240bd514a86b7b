import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger plan update`.
struct PlanUpdateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a plan; every organization that has it follows at once."
    )

    @Argument(help: "Id (pln_…) or name.")
    var plan: String

    @Option(help: "New name.")
    var name: String?

    @OptionGroup var limits: LimitOptions

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let change = UpdatePlanRequest(
            name: name,
            burst: try limits.field(limits.burst),
            perMinute: try limits.field(limits.perMinute),
            perHour: try limits.field(limits.perHour),
            perDay: try limits.field(limits.perDay),
            monthlyQuota: try limits.field(limits.monthlyQuota)
        )
        let (plan, output) = (plan, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.plan(plan).id
            console.show(try AccessReport.plans([try await connection.client.updatePlan(id, change)]), as: output)
        }
    }
}
