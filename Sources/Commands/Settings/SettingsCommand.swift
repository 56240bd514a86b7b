import ArgumentParser

/// The command `claviger settings …`.
struct SettingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Show and change the settings that the server keeps in its database.",
        subcommands: [SettingsGetCommand.self, SettingsSetCommand.self]
    )
}
