import Foundation
import Testing

/// A Python agent written from docs/agent-protocol.md: it proves the document, not the daemon.
struct PythonAgent: Sendable {
    let bench: Workbench
    let state: String

    init(_ bench: Workbench) {
        self.bench = bench
        state = bench.folder + "/python-agent.json"
    }

    func enroll(at server: Server, with installToken: String) async throws {
        let program = try bench.startPython(
            "agent.py",
            ["enroll", "--url", server.url, "--state", state],
            input: installToken + "\n"
        )
        guard try await program.end() == .code(0) else { throw Failure(program.output + program.errors) }
    }

    func run(_ behave: String = "well") throws -> Program {
        try bench.startPython("agent.py", ["run", "--state", state, "--behave", behave])
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

@Suite("An independent agent that follows the document")
struct PythonAgentTests {
    @Test(
        "AGT-7, ROT-2, ROT-3, REV-2: it enrols, is rotated, proves its token, sees the old one die, is closed with 4001"
    )
    func wholeLife() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let agent = PythonAgent(bench)
            let (id, installToken) = try await owner.createAgent("snake")
            try await agent.enroll(at: server, with: installToken)
            #expect(try await owner.agent(id)["status"].text == "pending")
            let running = try agent.run()
            #expect(try await running.awaitEvent("connected")["mode"].text == "full")
            #expect(try await owner.agent(id)["status"].text == "active")

            #expect(try await owner.rotate(id).expecting(200)["agent_notified"].bool == true)
            _ = try await running.awaitEvent("promoted")
            try await owner.awaitPromotion(id)

            try await server.moveClock(to: 301)
            let dead = try await agent.probe("superseded")
            #expect(dead["event"].text == "refused")
            #expect(dead["code"].text == "RotatedOutToken")
            #expect(running.ended == nil)

            _ = try await owner.act(id, "tokens/revoke").expecting(200)
            #expect(try await running.awaitEvent("closed")["code"].int == 4001)
            #expect(try await agent.probe("current")["code"].text == "RevokedToken")
        }
    }

    @Test("ROT-6: an agent that answers with an error keeps its token, and the request fails with its reason")
    func refusal() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let agent = PythonAgent(bench)
            let (id, installToken) = try await owner.createAgent("snake")
            try await agent.enroll(at: server, with: installToken)
            let running = try agent.run("refuse")
            _ = try await running.awaitEvent("connected")
            let reply = try await owner.rotate(id)
            #expect(reply.status == 502)
            #expect(reply.code == "RotationFailed")
            #expect(reply.text.contains("the disk is full"))
            #expect(try await agent.probe("current")["event"].text == "connected")
        }
    }

    @Test("ROT-3: a channel opened with the previous token is renew-only or gets no rotation")
    func previousToken() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let agent = PythonAgent(bench)
            let (id, installToken) = try await owner.createAgent("snake")
            try await agent.enroll(at: server, with: installToken)
            let running = try agent.run()
            _ = try await running.awaitEvent("connected")
            _ = try await owner.rotate(id).expecting(200)
            _ = try await running.awaitEvent("promoted")
            #expect(try await agent.probe("superseded")["event"].text == "connected")
            #expect(try await owner.rotate(id).code == "PreviousTokenInGrace")
        }
    }

    @Test("ROT-2: a token that was stored and never proven promotes when the channel opens with it")
    func unproven() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let agent = PythonAgent(bench)
            let (id, installToken) = try await owner.createAgent("snake")
            try await agent.enroll(at: server, with: installToken)
            let running = try agent.run("unproven")
            _ = try await running.awaitEvent("connected")
            _ = try await owner.rotate(id).expecting(200)
            try await owner.awaitRotation(id, "stored")
            await running.kill()
            #expect(try await agent.probe("pending")["event"].text == "connected")
            try await owner.awaitPromotion(id)
        }
    }

    @Test("ROT-8: a copied token opens nothing without the agent's key")
    func copiedToken() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, daemon) = try await owner.connectedAgent(bench)
            let stolen = try #require(daemon.storedTokens().first)
            let other = PythonAgent(bench)
            let (_, installToken) = try await owner.createAgent("thief")
            try await other.enroll(at: server, with: installToken)
            let text = try #require(bench.contents(other.state))
            let own = try #require(secrets(in: text, kind: "ag").first)
            try text.replacingOccurrences(of: own, with: stolen).write(
                toFile: other.state,
                atomically: true,
                encoding: .utf8
            )
            let attempt = try await other.probe("current")
            #expect(attempt["event"].text != "connected")
            #expect(attempt["code"].int == 4401 || attempt["event"].text == "error")
            try await owner.awaitConnection(id)
            #expect(try daemon.program().ended == nil)
        }
    }
}
