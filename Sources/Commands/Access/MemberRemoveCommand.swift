import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger member remove`.
struct MemberRemoveCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take a person out of the organization and all its workspaces."
    )

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var confirmation: Confirmation

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        try confirmation.obtain(
            console,
            for: "\(member) loses every right at once; their personal tokens stop working."
        )
        let (name, reason) = (member, reason)
        try await ServerConnection.use(options, console) { connection in
            try await connection.client.removeMember(try await connection.memberID(name), reason: reason)
            console.note("\(name) is out of the organization.")
        }
    }
}
