import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger member list`.
struct MemberListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the members.")

    @Option(help: "invited, active, paused or removed.")
    var status: String?

    @Option(help: "owner, admin, auditor or member.")
    var role: String?

    @Option(help: "Part of the e-mail address.")
    var text: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (status, role, text, output) = (status, role, text, options.output)
        try await ServerConnection.use(options, console) { connection in
            let members = try await connection.members(status: status, role: role, text: text)
            console.show(try AccessReport.members(members), as: output)
        }
    }
}
