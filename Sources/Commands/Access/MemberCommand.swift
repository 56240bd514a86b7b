import ArgumentParser

/// The command `claviger member …`.
struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member",
        abstract: "The people of the organization and what they may do.",
        discussion: "A member is named by its id or e-mail address.",
        subcommands: [
            MemberListCommand.self, MemberInspectCommand.self, MemberUpdateCommand.self, MemberPauseCommand.self,
            MemberResumeCommand.self, MemberRemoveCommand.self, MemberPermissionsCommand.self,
        ]
    )
}
