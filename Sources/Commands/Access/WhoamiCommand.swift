import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger whoami`.
struct WhoamiCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami",
        abstract: "Show who you are signed in as, and what you may do."
    )

    @Flag(help: "Explain each permission: where it comes from, and what withheld it.")
    var permissions = false

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let (explains, output) = (permissions, options.output)
        try await ServerConnection.use(options, console) { connection in
            if explains {
                let view = try await connection.client.myPermissions()
                return console.show(try AccessReport.permissions(view), as: output)
            }
            let me = try await connection.client.me()
            let rows: [(String, Cell)] = [
                ("server", Cell(connection.url)), ("e-mail", Cell(me.user.email)), ("name", Cell(me.user.name)),
                ("id", Cell(me.user.id)), ("organization", Cell(me.organization?.name)),
                ("organization role", Cell(me.organizationRole)), ("workspace", Cell(me.workspace?.name)),
                ("workspace role", Cell(me.workspaceRole)),
                ("server administrator", Cell(me.isServerAdministrator ? "yes" : "no")),
                ("permissions", Cell(me.permissions.joined(separator: ", "))),
            ]
            console.show(try Report(Table(details: rows), json: me), as: output)
        }
    }
}
