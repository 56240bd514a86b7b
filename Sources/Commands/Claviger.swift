import ArgumentParser

/// The command line's root.
struct Claviger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claviger",
        abstract: "One self-hosted control plane for the credentials that agents run on.",
        discussion: ExitStatus.help,
        groupedSubcommands: [
            CommandGroup(
                name: "Server",
                subcommands: [
                    ConfigCommand.self, ServeCommand.self, SetupCommand.self, OwnerCommand.self, MasterKeyCommand.self,
                    MigrateCommand.self, VersionCommand.self,
                ]
            ),
            CommandGroup(
                name: "People",
                subcommands: [
                    LoginCommand.self, LogoutCommand.self, WhoamiCommand.self, SessionCommand.self,
                    PasswordCommand.self, InvitationCommand.self,
                ]
            ),
            CommandGroup(
                name: "Access",
                subcommands: [
                    OrgCommand.self, WorkspaceCommand.self, MemberCommand.self, RoleCommand.self, PolicyCommand.self,
                    PlanCommand.self,
                ]
            ),
            CommandGroup(
                name: "Tokens",
                subcommands: [
                    TokenCommand.self, ServiceAccountCommand.self, ProtectedAPICommand.self,
                    RegisteredScopeCommand.self, IdentityCommand.self,
                ]
            ),
            CommandGroup(name: "Fleet", subcommands: [AgentCommand.self, SettingsCommand.self, AuditCommand.self]),
            CommandGroup(name: "Command line", subcommands: [ShellCommand.self, ManualCommand.self]),
        ]
    )

}
