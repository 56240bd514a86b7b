import ArgumentParser
import ClavigerServer

/// Where machine identities are administered, and as whom.
struct IdentityPlaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Work straight on this database, on its host: sqlite:PATH, or a postgres:// URL without its password.",
            valueName: "database"
        )
    )
    var database: String?

    @Option(help: "The administrator who acts; with a server it must be whoever is signed in there.")
    var adminUserEmail: String?

    @Option(help: "With --database: the workspace (wsp_…); the administrator's oldest without it.")
    var workspace: String?

    @Option(help: "With --database: the server's data directory, which has the master key.")
    var dataDir: String?

    @Option(help: "With --database: YAML file with the server's settings.")
    var config: String?

    @OptionGroup var options: ServerOptions

    mutating func validate() throws {
        guard database == nil else {
            guard options.server == nil else { throw ValidationError("Give --server or --database, not both.") }
            guard adminUserEmail != nil else {
                throw ValidationError("With --database say who acts: --admin-user-email.")
            }
            return
        }
        for (name, value) in [("--workspace", workspace), ("--data-dir", dataDir), ("--config", config)]
        where value != nil { throw ValidationError("\(name) belongs to --database.") }
    }

    /// Runs a body with the identities of the server or the database that the options name.
    func use(_ console: Console, _ body: (any IdentityAdministration) async throws -> Void) async throws {
        do {
            if let database, let adminUserEmail {
                let flags = ["--database", database] + (dataDir.map { ["--data-dir", $0] } ?? [])
                try await HostCommands.withIdentities(
                    try ConfigurationLoader.load(flags: flags, file: config, environment: console.environment),
                    environment: console.environment,
                    adminEmail: adminUserEmail,
                    workspace: workspace
                ) { try await body($0) }
            } else {
                try await ServerConnection.use(options, console) { connection in
                    try checkAdministrator(of: connection)
                    try await body(ServerIdentities(client: connection.client))
                }
            }
        } catch {
            throw CommandFailure(error)
        }
    }

    private func checkAdministrator(of connection: ServerConnection) throws(CommandFailure) {
        guard let adminUserEmail, adminUserEmail.lowercased() != connection.email?.lowercased() else { return }
        let signedIn = connection.email ?? "nobody"
        throw CommandFailure(
            .usage,
            "\(signedIn) is signed in, and not \(adminUserEmail); sign in as them to act as them."
        )
    }
}
