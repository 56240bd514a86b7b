import ArgumentParser

/// The command `claviger org …`.
struct OrgCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org",
        abstract: "Organizations: yours, and those of the server.",
        discussion: "An organization is named by its id or its name.",
        subcommands: [
            OrgListCommand.self, OrgUseCommand.self, OrgInspectCommand.self, OrgRenameCommand.self,
            OrgJoinCommand.self, OrgCreateCommand.self, OrgAllCommand.self, OrgPlanCommand.self,
        ]
    )
}
