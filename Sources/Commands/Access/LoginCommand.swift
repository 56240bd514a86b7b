import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger login`.
struct LoginCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in; the session is kept in ~/.config/claviger."
    )

    @Option(help: "E-mail address.")
    var email: String?

    @Option(help: "File with the password, or - for standard input; otherwise it is asked for.")
    var passwordFile: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        guard let email = email ?? console.ask("E-mail: "), !email.isEmpty else {
            throw CommandFailure(.invalidInput, "no e-mail address was entered.")
        }
        let password = try SecretInput.read(console, prompt: "Password: ", file: passwordFile)
        try await ServerConnection.use(options, console, signedIn: false) { connection in
            let answer = try await connection.client.logIn(LoginRequest(email: email, password: password))
            try connection.keep(answer)
            console.note("Signed in to \(connection.url) as \(answer.user.email) until \(answer.expiresAt).")
        }
    }
}
