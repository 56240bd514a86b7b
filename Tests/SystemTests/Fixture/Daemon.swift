import Foundation
import Synchronization

/// A `claviger-agent` with its own state directory.
final class Daemon: Sendable {
    let bench: Workbench
    let state: String
    private let programs: Programs
    private let running = Mutex<Program?>(nil)

    init(_ bench: Workbench, state: String? = nil, programs: Programs = .current) {
        self.bench = bench
        self.programs = programs
        self.state = state ?? bench.folder + "/agent-" + String(UInt32.random(in: 0 ... .max), radix: 36)
    }

    static let quiet = ["CLAVIGER_AGENT_METADATA": "off"]

    /// Exchanges an install token, which is handed over on standard input.
    func enroll(
        at url: String,
        with installToken: String,
        environment: [String: String] = [:]
    ) async throws -> (ending: Ending, output: String, errors: String) {
        try await bench.finish(
            programs.agent,
            ["enroll", "--server", url, "--state-dir", state],
            environment: Self.quiet.merging(environment) { $1 },
            input: installToken + "\n"
        )
    }

    /// Starts the daemon; it keeps its channel until it is stopped.
    @discardableResult
    func run(environment: [String: String] = [:]) throws -> Program {
        let program = try bench.start(
            programs.agent,
            ["run", "--state-dir", state],
            environment: Self.quiet.merging(environment) { $1 },
            name: "agent"
        )
        running.withLock { $0 = program }
        return program
    }

    func program() throws -> Program {
        guard let program = running.withLock({ $0 }) else { throw Failure("the agent was not started") }
        return program
    }

    func kill() async throws { try await program().kill() }

    /// Every file of the state directory as text.
    func stateText() -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: state)) ?? []
        return names.compactMap { bench.contents(state + "/" + $0) }.joined(separator: "\n")
    }

    /// The agent tokens that the state directory holds now.
    func storedTokens() -> Set<String> { Set(secrets(in: stateText(), kind: "ag")) }
}

extension Operator {
    /// Creates an agent, enrols a daemon for it, starts it and waits for its channel.
    func connectedAgent(
        _ bench: Workbench,
        name: String = "alpha",
        through url: String? = nil,
        environment: [String: String] = [:],
        programs: Programs = .current
    ) async throws -> (id: String, daemon: Daemon) {
        let (id, installToken) = try await createAgent(name)
        let daemon = Daemon(bench, programs: programs)
        let enrolment = try await daemon.enroll(at: url ?? server.url, with: installToken)
        guard enrolment.ending == .code(0) else { throw Failure("enrolment failed: \(enrolment)") }
        try daemon.run(environment: environment)
        try await awaitConnection(id)
        return (id, daemon)
    }
}

extension Server {
    /// A server with its first owner, and an agent of theirs that is connected.
    static func startWithAgent(
        on bench: Workbench
    ) async throws -> (server: Server, owner: Operator, id: String, daemon: Daemon) {
        let server = try await start(on: bench)
        let owner = try await server.owner()
        let (id, daemon) = try await owner.connectedAgent(bench)
        return (server, owner, id, daemon)
    }
}

/// Every token of a kind that stands in a text (`ag`, `in`, …; all kinds without one).
func secrets(in text: String, kind: String = "[a-z]{2}") -> [String] {
    guard let pattern = try? Regex("clv_\(kind)_[0-9A-Za-z]{38}") else { return [] }
    return text.matches(of: pattern).map { String(text[$0.range]) }
}
