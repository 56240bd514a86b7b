import ArgumentParser

/// The command `claviger policy …`.
struct PolicyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "What the organization demands of its credentials.",
        subcommands: [PolicyGetCommand.self, PolicySetCommand.self]
    )
}
