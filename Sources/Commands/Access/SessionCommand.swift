import ArgumentParser

/// The command `claviger session …`.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "List and end your sessions.",
        subcommands: [SessionListCommand.self, SessionEndCommand.self]
    )
}
