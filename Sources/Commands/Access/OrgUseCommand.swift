import ArgumentParser
import ClavigerClient
import ClavigerWire

/// The command `claviger org use`.
struct OrgUseCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Act in an organization from now on; without a name in your oldest one."
    )

    @Argument(help: "Id (org_…) or name of the organization.")
    var organization: String?

    @OptionGroup var options: ServerOptions

    mutating func run(_ console: Console) async throws {
        let name = organization
        try await ServerConnection.use(options, console) { connection in
            guard let name else {
                try connection.keepPlace(organization: nil, workspace: nil)
                return console.note("Commands act in your oldest organization.")
            }
            // Where the commands act now may be gone.
            let own = try await connection.client.acting(in: nil).myOrganizations().data
            guard let found = own.first(where: { $0.id == name || $0.name == name }) else {
                throw CommandFailure(.notFound, "you belong to no organization \(name).")
            }
            try connection.keepPlace(organization: found.id, workspace: nil)
            console.note("Commands act in \(found.name) (\(found.id)).")
        }
    }
}
