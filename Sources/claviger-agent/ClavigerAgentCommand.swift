import ArgumentParser
import ClavigerAgent

/// # claviger-agent
///
/// The agent daemon: a thin command line over the ClavigerAgent library. May import ArgumentParser, ClavigerAgent and
/// Logging, and of Foundation nothing.
@main
struct ClavigerAgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claviger-agent",
        abstract: "Holds this machine's agent credential and keeps it fresh.",
        discussion: """
            Exit status: 0 stopped or done, 10 revoked, 11 deleted, 12 reset, 13 not enrolled, 14 enrolment refused, \
            15 state refused, 16 state directory in use, 17 state not written, 18 wrong setting, 19 server not \
            reached, 64 wrong usage, 1 anything else.
            """,
        version: Agent.version,
        subcommands: [EnrollCommand.self, RunCommand.self, StatusCommand.self, UnitCommand.self]
    )
}
