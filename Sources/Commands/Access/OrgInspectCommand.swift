import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org inspect`.
struct OrgInspectCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show the organization you act in, with its plan."
    )

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            console.show(try AccessReport.organization(try await connection.client.organization()), as: output)
        }
    }
}
