import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger member inspect`.
struct MemberInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(commandName: "inspect", abstract: "Show a member.")

    @Argument(help: "Id (mbr_…) or e-mail address.")
    var member: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (member, options.output)
        try await ServerConnection.use(options, console) { connection in
            let member = try await connection.client.member(try await connection.memberID(name))
            console.show(try AccessReport.member(member), as: output)
        }
    }
}
