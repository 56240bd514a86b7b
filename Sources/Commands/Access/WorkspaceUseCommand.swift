import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger workspace use`.
struct WorkspaceUseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Act in a workspace from now on; without a name in your oldest one."
    )

    @Argument(help: "Id (wsp_…) or name of the workspace.")
    var workspace: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = workspace
        try await ServerConnection.use(options, console) { connection in
            let own = try await connection.client.myOrganizations().data
            guard let current = own.first(where: \.isCurrent) else {
                throw CommandFailure(.notFound, "you act in no organization.")
            }
            guard let name else {
                try connection.keepPlace(organization: current.id, workspace: nil)
                return console.note("Commands act in your oldest workspace of \(current.name).")
            }
            guard let found = current.workspaces.first(where: { $0.id == name || $0.name == name }) else {
                throw CommandFailure(.notFound, "\(current.name) has no workspace \(name) that is open to you.")
            }
            try connection.keepPlace(organization: current.id, workspace: found.id)
            console.note("Commands act in \(found.name) (\(found.id)) of \(current.name).")
        }
    }
}
