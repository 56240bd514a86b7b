import Foundation
import Testing

@Suite("What is recorded of agents and rotations")
struct RecordTests {
    @Test(
        "ROT-1, AGT-8: state, times, attempt and who asked are read by API and command line, and the history tells it"
    )
    func rotationIsRead() async throws {
        try await Workbench.run { bench in
            let (_, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            _ = try await owner.rotate(id, ["reason": "spring cleaning"]).expecting(200)
            try await owner.awaitPromotion(id)

            let rotation = try await owner.rotation(id).expecting(200)
            #expect(rotation["attempt"].int == 1)
            #expect(rotation["reason"].text == "spring cleaning")
            #expect(rotation["origin"].text == "operator")
            #expect(rotation["requested_by"].text?.hasPrefix("usr_") == true)
            let times = ["requested_at", "issued_at", "delivered_at", "stored_at", "promoted_at"].map {
                rotation[$0].text
            }
            #expect(!times.contains(nil))
            #expect(times.compactMap { $0 } == times.compactMap { $0 }.sorted())

            try await daemon.kill()
            try await owner.awaitConnection(id, "disconnected")
            try await eventually("the history is written") { try await owner.events(id).contains("disconnected") }
            let events = try await owner.events(id)
            for kind in ["created", "enrolled", "connected", "token_issued", "rotated", "disconnected"] {
                #expect(events.contains(kind), "\(kind) is missing in \(events)")
            }
            let filtered = try await owner.api.get("/api/v1/agents/\(id)/events?kind=rotated").expecting(200)
            #expect(filtered["data"].items.allSatisfy { $0["kind"].text == "rotated" && $0["time"].text != nil })
        }
    }

    @Test("ROT-14: a rotation that is stuck can be inspected and cancelled without SQL")
    func cancelled() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, agent, running) = try await owner.connectedPythonAgent(bench, behaving: "unproven")
            _ = try await owner.rotate(id, ["wait_seconds": 5])
            try await owner.awaitRotation(id, "stored")
            #expect(try await owner.api.delete("/api/v1/agents/\(id)/rotation").status < 300)
            #expect(try await owner.rotationState(id) == "cancelled")

            await running.kill()
            #expect(try await agent.probe("pending")["code"].text == "InvalidToken")
            #expect(try await agent.probe("current")["event"].text == "connected")
            #expect(try await owner.rotationState(id) == "cancelled")
            // A withdrawn token is no sign of theft.
            let shown = try await owner.agent(id)
            #expect(shown["status"].text == "active" && shown["needs_reset"].bool != true)
            #expect(try await !owner.events(id).contains("retired_token_used"))
        }
    }

    @Test("ROT-11: a retired token is refused and told of once, and never touches the live agent")
    func retiredToken() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let old = try #require(daemon.storedTokens().first)
            try await owner.rotateAtOnce(id)
            _ = try await owner.act(id, "tokens/end-grace").expecting(200)
            for _ in 1...5 { #expect(try await server.knock(with: old).code == "RotatedOutToken") }

            try await eventually("the use is in the history") {
                try await owner.events(id).contains("retired_token_used")
            }
            #expect(try await owner.events(id).filter { $0 == "retired_token_used" }.count == 1)
            #expect(try await owner.agent(id)["status"].text == "active")
            #expect(try await owner.agent(id)["connection"].text == "connected")
            #expect(try daemon.program().ended == nil)
        }
    }

    @Test("ROT-12: a credential without an expiry keeps working and is not rotated by force")
    func withoutExpiry() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let (id, daemon) = try await server.owner().connectedAgent(bench)
            let tokens = daemon.storedTokens()
            try await server.stop()
            try await server.alter("UPDATE credential SET token_expires_at = NULL WHERE kind = 'agent'")
            try server.setClock(offset: 3 * 365 * TimeTests.day)
            try await server.start()
            let owner = try await server.signIn()
            try await owner.awaitConnection(id)
            try await Task.sleep(for: .seconds(2))
            #expect(daemon.storedTokens() == tokens)
            #expect(try await !owner.events(id).contains("rotation_requested"))
        }
    }

    @Test("ROT-5: a more urgent request raises the running rotation; the same key answers the same rotation")
    func raised() async throws {
        try await Workbench.run { bench in
            let (_, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            try await daemon.kill()
            try await owner.awaitConnection(id, "disconnected")
            let path = "/api/v1/agents/\(id)/tokens/rotate"
            let key = ["Idempotency-Key": "one-key"]
            let first = try await owner.api.post(path, [:], headers: key).expecting(202)
            let again = try await owner.api.post(path, [:], headers: key).expecting(202)
            #expect(first["rotation_id"].text == again["rotation_id"].text)
            #expect(try await owner.api.post(path, ["mode": "immediate"], headers: key).status == 422)
            let raised = try await owner.rotate(id, ["mode": "immediate"]).expecting(202)
            #expect(raised["rotation_id"].text == first["rotation_id"].text)
            #expect(try await owner.rotate(id, ["mode": "immediate"]).code == "RotationInProgress")
        }
    }
}
