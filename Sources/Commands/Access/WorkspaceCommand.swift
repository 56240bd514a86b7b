import ArgumentParser

/// The command `claviger workspace …`.
struct WorkspaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace",
        abstract: "Workspaces and who belongs to them.",
        discussion: "A workspace is named by its id or its name, a member by its id or e-mail address.",
        subcommands: [
            WorkspaceListCommand.self, WorkspaceUseCommand.self, WorkspaceCreateCommand.self,
            WorkspaceRenameCommand.self, WorkspaceMembersCommand.self, WorkspaceAddCommand.self,
            WorkspaceSetCommand.self, WorkspaceRemoveCommand.self,
        ]
    )
}
