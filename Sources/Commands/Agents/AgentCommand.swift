import ArgumentParser

/// The command `claviger agent …`.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Create, watch, rotate, pause and revoke agents.",
        discussion: "An agent is named by its id or its slug.",
        subcommands: [
            AgentCreateCommand.self, AgentListCommand.self, AgentInspectCommand.self, AgentUpdateCommand.self,
            AgentReplaceCommand.self, AgentRotateCommand.self, AgentRotationCommand.self,
            AgentCancelRotationCommand.self, AgentEndGraceCommand.self, AgentPauseCommand.self,
            AgentResumeCommand.self, AgentRevokeCommand.self, AgentResetCommand.self,
            AgentRegenerateTokenCommand.self, AgentDeleteCommand.self, AgentEventsCommand.self,
        ]
    )
}

/// The agent a command is about.
struct AgentArgument: ParsableArguments {
    @Argument(help: "Id (agt_…) or slug of the agent.")
    var agent: String
}
