import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger invitation list`.
struct InvitationListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the invitations that wait.")

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.invitations(try await connection.client.listInvitations().data), as: output)
        }
    }
}
