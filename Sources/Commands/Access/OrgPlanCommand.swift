import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org plan`.
struct OrgPlanCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Give an organization a plan; for server administrators."
    )

    @Argument(help: "Id (org_…) or name of the organization.")
    var organization: String

    @Argument(help: "Id (pln_…) or name of the plan; none takes it away.")
    var plan: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (organization, plan, output) = (organization, plan, options.output)
        try await ServerConnection.use(options, console) { connection in
            let all = try await connection.client.listOrganizations().data
            guard let found = all.first(where: { $0.id == organization || $0.name == organization }) else {
                throw CommandFailure(.notFound, "there is no organization \(organization).")
            }
            let id = plan == "none" ? nil : try await connection.plan(plan).id
            let changed = try await connection.client.assignPlan(id, to: found.id)
            console.show(try AccessReport.organization(changed), as: output)
        }
    }
}
