import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger invitation revoke`.
struct InvitationRevokeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Make an invitation worthless.")

    @Argument(help: "Id (crd_…) of the invitation.")
    var invitation: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let id = invitation
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.revokeInvitation(id)
            console.note("The invitation is worthless.")
        }
    }
}
