import ArgumentParser
import ClavigerClient

/// The command `claviger logout`.
struct LogoutCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "End the session, on the server and here."
    )

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let file = try SessionFile(environment: console.environment)
        guard try file.read() != nil else { return console.note("Nobody was signed in.") }
        do {
            try await ServerConnection.use(options, console) { connection in
                try await connection.client.acting(in: nil).logOut()
            }
        } catch let failure as CommandFailure where failure.status == .notSignedIn {
            console.note("The session had ended already.")
        }
        file.remove()
        console.note("Signed out.")
    }
}
