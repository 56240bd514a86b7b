import ArgumentParser
import ClavigerServer

/// The command `claviger migrate up`.
struct MigrateUpCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Apply the pending migrations; a database that is up to date stays as it is.",
        discussion: """
            Takes the same settings as `claviger serve`, which does the same when it starts. Several at once are safe: \
            each migration is applied by one of them.
            """
    )

    @OptionGroup var host: ConfigurationOptions

    mutating func run(_ console: Console) async throws {
        let applied = try await HostCommands.migrate(try host.load(console), environment: console.environment)
        for name in applied { console.output(name) }
        console.note(applied.isEmpty ? "Nothing is pending." : "\(applied.count) applied.")
    }
}
