import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger service-account delete`.
struct ServiceAccountDeleteCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a service account and kill its tokens; its history stays."
    )

    @OptionGroup var subject: ServiceAccountArgument
    @OptionGroup var confirmation: Confirmation
    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = subject.account
        try confirmation.obtain(console, for: "\(name) is removed, and all its tokens die at once.")
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.deleteServiceAccount(try await connection.serviceAccountID(name))
            console.note("Deleted.")
        }
    }
}
