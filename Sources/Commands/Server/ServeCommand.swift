import ArgumentParser
import ClavigerServer

/// The command `claviger serve`.
struct ServeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the server.",
        discussion: "SETTINGS (also in the environment as CLAVIGER_… and in the YAML file):\n" + SettingsTable.flagHelp
    )

    @OptionGroup var options: ConfigurationOptions

    mutating func run(_ console: Console) async throws {
        try await ServerProcess.run(
            try options.load(console),
            environment: console.environment,
            terminal: console.isNoteTerminal ? console.note : nil
        )
    }
}
