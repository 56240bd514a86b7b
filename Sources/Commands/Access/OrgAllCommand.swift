import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org all`.
struct OrgAllCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "all",
        abstract: "List every organization of the server; for its administrators."
    )

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let all = try await connection.client.listOrganizations().data
            console.show(try AccessReport.allOrganizations(all), as: output)
        }
    }
}
