import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger invitation accept`.
struct InvitationAcceptCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accept an invitation with a password, and sign in.",
        discussion: "Somebody new chooses the password; somebody with an account enters theirs."
    )

    @Option(help: "Your name; whoever has an account keeps the one they have.")
    var name: String

    @Option(help: "File with the invitation's secret, or - for standard input; otherwise it is asked for.")
    var secretFile: String?

    @Option(help: "File with the password, or - for standard input; otherwise it is asked for.")
    var passwordFile: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let secret = try SecretInput.read(console, prompt: "Secret of the invitation: ", file: secretFile)
        let password = try SecretInput.readNew(console, prompt: "Password: ", file: passwordFile)
        let request = AcceptInvitationRequest(secret: secret, name: name, password: password)
        try await ServerConnection.use(options, console, signedIn: false) { connection in
            let answer = try await connection.client.acceptInvitation(request)
            try connection.keep(answer)
            console.note("Signed in to \(connection.url) as \(answer.user.email) until \(answer.expiresAt).")
        }
    }
}
