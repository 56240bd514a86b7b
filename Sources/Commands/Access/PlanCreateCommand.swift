import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger plan create`.
struct PlanCreateCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a plan; a limit that isn't given does not hold."
    )

    @Argument(help: "Name.")
    var name: String

    @OptionGroup var limits: LimitOptions

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let request = CreatePlanRequest(
            name: name,
            burst: try limits.figure(limits.burst),
            perMinute: try limits.figure(limits.perMinute),
            perHour: try limits.figure(limits.perHour),
            perDay: try limits.figure(limits.perDay),
            monthlyQuota: try limits.figure(limits.monthlyQuota)
        )
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.plans([try await connection.client.createPlan(request)]), as: output)
        }
    }
}
