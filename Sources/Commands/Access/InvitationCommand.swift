import ArgumentParser

/// The command `claviger invitation …`.
struct InvitationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invitation",
        abstract: "Invite people, and accept an invitation.",
        subcommands: [
            InvitationCreateCommand.self, InvitationListCommand.self, InvitationRevokeCommand.self,
            InvitationAcceptCommand.self,
        ]
    )
}
