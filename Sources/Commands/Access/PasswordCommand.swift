import ArgumentParser

/// The command `claviger password …`.
struct PasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Change your password, or set a new one with a recovery secret.",
        subcommands: [PasswordChangeCommand.self, PasswordResetCommand.self]
    )
}
