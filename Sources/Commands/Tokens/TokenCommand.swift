import ArgumentParser

/// The command `claviger token …`.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Create, watch, rotate and revoke tokens of people and programs.",
        discussion: "A token is named by its id, or by its name if no other one that you may see has it.",
        subcommands: [
            TokenCreateCommand.self, TokenListCommand.self, TokenInspectCommand.self, TokenUpdateCommand.self,
            TokenRotateCommand.self, TokenPauseCommand.self, TokenResumeCommand.self, TokenRevokeCommand.self,
            TokenPermissionsCommand.self, TokenLimitsCommand.self, TokenTemplatesCommand.self, TokenBulkCommand.self,
            TokenVerifyCommand.self,
        ]
    )
}

/// The token a command is about.
struct TokenArgument: ParsableArguments {
    @Argument(help: "Id (crd_…) or name of the token.")
    var token: String
}
