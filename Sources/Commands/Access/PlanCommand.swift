import ArgumentParser

/// The command `claviger plan …`.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Plans: what organizations may use; for server administrators.",
        discussion: "A plan is named by its id or its name.",
        subcommands: [
            PlanListCommand.self, PlanInspectCommand.self, PlanCreateCommand.self, PlanUpdateCommand.self,
            PlanDeleteCommand.self,
        ]
    )
}
