import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger password change`.
struct PasswordChangeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change your password; all your sessions end."
    )

    @Option(help: "File with the current password, or - for standard input; otherwise it is asked for.")
    var currentPasswordFile: String?

    @Option(help: "File with the new password, or - for standard input; otherwise it is asked for.")
    var newPasswordFile: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let current = try SecretInput.read(console, prompt: "Current password: ", file: currentPasswordFile)
        let new = try SecretInput.readNew(console, prompt: "New password: ", file: newPasswordFile)
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.changePassword(
                ChangePasswordRequest(currentPassword: current, newPassword: new)
            )
            connection.forget()
            console.note("Password changed. All sessions ended; sign in again with `claviger login`.")
        }
    }
}
