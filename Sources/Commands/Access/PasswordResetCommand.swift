import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger password reset`.
struct PasswordResetCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Set a new password with the secret of `claviger owner recover`."
    )

    @Option(help: "File with the recovery secret, or - for standard input; otherwise it is asked for.")
    var secretFile: String?

    @Option(help: "File with the new password, or - for standard input; otherwise it is asked for.")
    var newPasswordFile: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let text = try SecretInput.read(console, prompt: "Recovery secret: ", file: secretFile)
        let new = try SecretInput.readNew(console, prompt: "New password: ", file: newPasswordFile)
        try await ServerConnection.use(options, console, signedIn: false) { connection in
            try await connection.client.resetPassword(
                ResetPasswordRequest(secret: SetupLink(text).secret, newPassword: new)
            )
            console.note("Password set. Sign in with `claviger login`.")
        }
    }
}
