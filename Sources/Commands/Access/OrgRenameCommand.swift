import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org rename`.
struct OrgRenameCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Rename the organization you act in."
    )

    @Argument(help: "New name.")
    var name: String

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (name, output) = (name, options.output)
        try await ServerConnection.use(options, console) { connection in
            let renamed = try await connection.client.renameOrganization(to: name)
            console.show(try AccessReport.organization(renamed), as: output)
        }
    }
}
