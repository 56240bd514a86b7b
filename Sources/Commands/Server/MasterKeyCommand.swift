import ArgumentParser

/// The command `claviger master-key …`.
struct MasterKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "master-key",
        abstract: "Change the key that everything is sealed with, on the server's machine.",
        subcommands: [MasterKeyRotateCommand.self]
    )
}
