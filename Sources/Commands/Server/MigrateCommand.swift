import ArgumentParser

/// The command `claviger migrate …`.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Look at the schema of the database, or bring it up to date, without a running server.",
        subcommands: [MigrateStatusCommand.self, MigrateUpCommand.self]
    )
}
