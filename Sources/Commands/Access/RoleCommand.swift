import ArgumentParser

/// The command `claviger role …`.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Custom roles: named permission sets.",
        discussion: "A role is named by its id or its name.",
        subcommands: [
            RoleListCommand.self, RoleInspectCommand.self, RoleCreateCommand.self, RoleUpdateCommand.self,
            RoleDeleteCommand.self,
        ]
    )
}
