import Foundation
import Testing

@Suite("An independent agent that follows the document")
struct PythonAgentTests {
    @Test(
        "AGT-7, ROT-2, ROT-3, REV-2: it enrols, is rotated, proves its token, sees the old one die, is closed with 4001"
    )
    func wholeLife() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, agent) = try await owner.enrolledPythonAgent(bench)
            #expect(try await owner.agent(id)["status"].text == "pending")
            let running = try agent.run()
            let connected = try await running.awaitEvent("connected")
            #expect(connected["mode"].text == "full")
            #expect(connected["capabilities"].items.contains { $0.text == "agent.mode" })
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
            let (id, agent, running) = try await owner.connectedPythonAgent(bench, behaving: "refuse")
            let token = try agent.stored("current")
            let reply = try await owner.rotate(id)
            #expect(reply.status == 502)
            #expect(reply.code == "RotationFailed")
            #expect(reply.text.contains("the disk is full"))
            #expect(running.ended == nil)
            #expect(try await owner.rotationState(id) == "failed")
            #expect(try await owner.events(id).contains("rotation_failed"))
            #expect(try agent.stored("current") == token)
            let opened = try await agent.probe("current")
            #expect(opened["event"].text == "connected" && opened["mode"].text == "full", "\(opened)")
            #expect(opened["generation"].int == 1)
        }
    }

    @Test("ROT-3: a channel opened with the previous token is renew-only and gets no rotation, however urgent")
    func previousToken() async throws {
        try await Workbench.run { bench in
            let owner = try await Server.start(on: bench).owner()
            let (id, agent, running) = try await owner.connectedPythonAgent(bench)
            _ = try await owner.rotate(id).expecting(200)
            _ = try await running.awaitEvent("promoted")
            await running.kill()
            #expect(try await owner.rotate(id).code == "PreviousTokenInGrace")

            let previous = try agent.run(slot: "superseded")
            #expect(try await previous.awaitEvent("connected")["mode"].text == "renew-only")
            try await owner.awaitConnection(id)
            let queued = try await owner.rotate(id, ["mode": "immediate", "wait_seconds": 3]).expecting(202)
            #expect(queued["agent_notified"].bool == false)
            #expect(try await owner.rotationState(id) == "requested")
            #expect(!previous.events.contains { $0["event"].text == "rotating" }, "\(previous.output)")
            await previous.kill()

            // The same rotation reaches the agent as soon as it comes with its current token.
            let current = try agent.run()
            #expect(try await current.awaitEvent("rotating")["rotation_id"].text == queued["rotation_id"].text)
            try await owner.awaitPromotion(id)
        }
    }

    @Test("ROT-2: a pending token opens nothing but the channel, and a channel opened with it promotes it")
    func unproven() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, agent, running) = try await owner.connectedPythonAgent(bench, behaving: "unproven")
            _ = try await owner.rotate(id).expecting(200)
            try await owner.awaitRotation(id, "stored")
            await running.kill()

            let pending = try agent.stored("pending")
            for (method, path) in CredentialKindTests.routes {
                let reply = try await API(url: server.url, token: pending).call(
                    method,
                    path.replacing("ID", with: id),
                    body: method == "GET" ? nil : [:]
                )
                #expect(reply.status == 401, "\(method) \(path): \(reply.status)")
            }
            #expect(try await Daemon(bench).enroll(at: server.url, with: pending).ending != .code(0))
            // The door alone promotes nothing either: only the proof behind it does.
            #expect(try await server.knock(with: pending).status == 101)
            #expect(try await owner.rotationState(id) == "stored")

            let opened = try await agent.probe("pending")
            #expect(opened["event"].text == "connected" && opened["generation"].int == 2, "\(opened)")
            try await owner.awaitPromotion(id)
            #expect(try agent.stored("current") == pending)
        }
    }

    @Test(
        "ROT-8: a copied token opens nothing and gets no token without the agent's key, the credential's id known or not",
        arguments: [false, true]
    )
    func copiedToken(_ knowsID: Bool) async throws {
        try await Workbench.run { bench in
            let owner = try await Server.start(on: bench).owner()
            let (id, daemon) = try await owner.connectedAgent(bench)
            let stolen = daemon.storedTokens()
            let (_, thief) = try await owner.enrolledPythonAgent(bench, name: "thief")
            try thief.store("current", try #require(stolen.first))
            if knowsID {
                let credential = try #require(daemon.stateText().firstMatch(of: /crd_[0-9a-z]{26}/))
                try thief.store("credential_id", String(credential.output))
            }
            // Something waits to be issued, so that a channel that let the thief in would issue to it.
            try await daemon.kill()
            try await owner.awaitConnection(id, "disconnected")
            _ = try await owner.rotate(id).expecting(202)

            let attempt = try await thief.probe("current")
            #expect(attempt["event"].text == "closed", "\(attempt)")
            #expect(attempt["code"].int == 4401)
            #expect(try await owner.agent(id)["connection"].text == "disconnected")
            #expect(try await owner.rotationState(id) == "requested")
            #expect(try await owner.events(id).contains("error"))

            try daemon.run()
            try await owner.awaitPromotion(id)
        }
    }
}
