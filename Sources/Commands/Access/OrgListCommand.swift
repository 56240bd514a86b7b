import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org list`.
struct OrgListCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the organizations you belong to."
    )

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let output = options.output
        try await ServerConnection.use(options, console) { connection in
            let own = try await connection.client.myOrganizations().data
            console.show(try AccessReport.organizations(own), as: output)
        }
    }
}
