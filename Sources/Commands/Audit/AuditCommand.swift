import ArgumentParser

/// The command `claviger audit …`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read the audit history.",
        subcommands: [AuditListCommand.self]
    )
}
