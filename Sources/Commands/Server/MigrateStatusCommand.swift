import ArgumentParser
import ClavigerServer

/// The command `claviger migrate status`.
struct MigrateStatusCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which migrations were applied and when, and which are pending; writes nothing.",
        discussion: "Takes the same settings as `claviger serve`; needs no running server and no master key."
    )

    @Option(name: .shortAndLong, help: "table or json.")
    var output: OutputFormat = .table

    @OptionGroup var host: ConfigurationOptions

    mutating func run(_ console: Console) async throws {
        let status = try await HostCommands.migrationStatus(try host.load(console))
        console.show(MigrationReport.report(status), as: output)
        if !status.pending.isEmpty { console.note("`claviger migrate up` or the next start applies what is pending.") }
    }
}
