import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger member resume`.
struct MemberResumeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Let a paused member work again.")

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @Option(help: "Why; it is kept in the audit history.")
    var reason: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, reason, output) = (member, reason, options.output)
        try await ServerConnection.use(options, console) { connection in
            let id = try await connection.memberID(name)
            let member = try await connection.client.resumeMember(id, reason: reason)
            console.show(try AccessReport.member(member), as: output)
        }
    }
}
