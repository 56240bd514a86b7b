import Foundation

/// A Python agent written from docs/agent-protocol.md: it proves the document, not the daemon.
struct PythonAgent: Sendable {
    let bench: Workbench
    let state: String

    init(_ bench: Workbench, state: String? = nil) {
        self.bench = bench
        self.state = state ?? bench.folder + "/python-agent.json"
    }

    func enroll(at server: Server, with installToken: String) async throws {
        let program = try bench.startPython(
            "agent.py",
            ["enroll", "--url", server.url, "--state", state],
            input: installToken + "\n"
        )
        guard try await program.end() == .code(0) else { throw Failure(program.output + program.errors) }
    }

    /// Keeps a channel, opened with its newest token or with the one in a slot.
    func run(_ behave: String = "well", slot: String? = nil) throws -> Program {
        let choice = slot.map { ["--slot", $0] } ?? []
        return try bench.startPython("agent.py", ["run", "--state", state, "--behave", behave] + choice)
    }

    /// A value of its state file, such as a token.
    func stored(_ name: String) throws -> String {
        try JSON(Data((bench.contents(state) ?? "").utf8)).string(name)
    }

    /// Overwrites a value of its state file.
    func store(_ name: String, _ value: String) throws {
        let old = try stored(name)
        let text = (bench.contents(state) ?? "").replacingOccurrences(of: old, with: value)
        try text.write(toFile: state, atomically: true, encoding: .utf8)
    }

    /// What one attempt with a stored token came to.
    func probe(_ slot: String) async throws -> JSON {
        let program = try bench.startPython("agent.py", ["probe", "--state", state, "--slot", slot])
        _ = try await program.end()
        guard let event = program.events.last else { throw Failure("no event: \(program.errors)") }
        return event
    }
}

extension Program {
    /// The JSON lines on standard output.
    var events: [JSON] { output.split(separator: "\n").map { JSON(Data($0.utf8)) } }

    func awaitEvent(_ name: String) async throws -> JSON {
        try await eventually("the event \(name)") { events.contains { $0["event"].text == name } }
        return events.last { $0["event"].text == name } ?? .null
    }
}

extension Operator {
    /// Creates an agent and enrols the Python agent for it.
    func enrolledPythonAgent(
        _ bench: Workbench,
        name: String = "snake"
    ) async throws -> (id: String, agent: PythonAgent) {
        let (id, installToken) = try await createAgent(name)
        let agent = PythonAgent(bench)
        try await agent.enroll(at: server, with: installToken)
        return (id, agent)
    }

    /// The same, with its channel open.
    func connectedPythonAgent(
        _ bench: Workbench,
        behaving behave: String = "well"
    ) async throws -> (id: String, agent: PythonAgent, running: Program) {
        let (id, agent) = try await enrolledPythonAgent(bench)
        let running = try agent.run(behave)
        _ = try await running.awaitEvent("connected")
        return (id, agent, running)
    }
}
