import ArgumentParser

/// The command `claviger owner …`.
struct OwnerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner",
        abstract: "Help an owner who can't sign in, on the server's machine.",
        subcommands: [OwnerRecoverCommand.self]
    )
}
