import ArgumentParser
import ClavigerAgent
import ClavigerWire

#if canImport(Musl)
import Musl
#else
import Glibc
#endif

/// `enroll`: exchanges an install token for the agent's credential.
struct EnrollCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enroll",
        abstract: "Exchange an install token for this machine's credential.",
        discussion: "The token is read from --install-token-file, CLAVIGER_INSTALL_TOKEN or standard input."
    )

    @OptionGroup var options: AgentOptions

    @Flag(help: "Do not say how to go on.")
    var quiet = false

    func run() async throws {
        try await Reporting.run {
            let token = try options.installToken() ?? InstallTokenInput.readStandardInput()
            let agent = Agent(
                configuration: try options.configuration(),
                installToken: token,
                logger: try options.logger()
            )
            let enrolment = try await agent.enroll()
            print(enrolment.agentID)
            if quiet { return }
            Reporting.tell(
                enrolment.wasEnrolledBefore
                    ? "This machine is enrolled already and was left alone."
                    : "Enrolled. Start the agent with `claviger-agent run`."
            )
        }
    }
}

/// `run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Keep the channel to the server; enrol first if an install token is given and nothing is stored."
    )

    @OptionGroup var options: AgentOptions

    func run() async throws {
        try await Reporting.run {
            let agent = Agent(
                configuration: try options.configuration(),
                installToken: try options.installToken(),
                logger: try options.logger()
            )
            try await agent.runUntilSignal()
        }
    }
}

/// `status`: what is stored, without secrets.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what this machine's agent has stored. Never shows a secret."
    )

    @OptionGroup var state: StateOptions

    @Flag(help: "For programs.")
    var json = false

    func run() async throws {
        try await Reporting.run {
            let status = try AgentStatus(stateDirectory: state.path)
            print(json ? status.json : status.text)
        }
    }
}

/// `systemd-unit`: prints the unit that the install script puts in place.
struct UnitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "systemd-unit",
        abstract: "Print a hardened systemd unit for this daemon."
    )

    @Option(help: "Path of the program.")
    var program = "/usr/local/bin/claviger-agent"

    @Option(help: "User to run as.")
    var user = "claviger-agent"

    func run() {
        print(SystemdUnit.text(program: program, user: user), terminator: "")
    }
}

/// Turns errors into a sentence and an exit status.
enum Reporting {
    static func run(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as AgentError {
            tell("claviger-agent: \(error.code.name): \(error)")
            throw ExitCode(error.code.exitStatus)
        } catch is CancellationError {
            return
        }
    }

    /// Writes one line to standard error.
    static func tell(_ line: String) {
        let text = line + "\n"
        _ = text.withCString { write(STDERR_FILENO, $0, text.utf8.count) }
    }
}
