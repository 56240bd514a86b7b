import Foundation
import Testing

@Suite("Races have one winner, and revoke wins them")
struct RaceTests {
    @Test(
        "REV-1, REV-2, AGT-6: a pending token is dead after pause, reset and revoke",
        arguments: ["pause", "reset", "tokens/revoke"]
    )
    func pendingTokenDies(_ action: String) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, agent, running) = try await owner.connectedPythonAgent(bench, behaving: "unproven")
            _ = try await owner.rotate(id, ["wait_seconds": 5])
            try await owner.awaitRotation(id, "stored")
            _ = try await owner.act(id, action).expecting(200)
            _ = try await running.awaitEvent("closed")

            #expect(try await agent.probe("pending")["event"].text == "refused")
            guard action == "pause" else { return }
            _ = try await owner.act(id, "resume").expecting(200)
            #expect(try await agent.probe("pending")["event"].text == "refused")
            #expect(try await agent.probe("current")["event"].text == "connected")
            #expect(try await owner.rotationState(id) != "promoted")
        }
    }

    @Test(
        "AGT-5, REV-2: when enrolment races with regenerate, revoke, reset or delete exactly one wins",
        arguments: ["regenerate-token", "tokens/revoke", "reset", "delete"]
    )
    func enrolmentRaces(_ rival: String) async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            for round in 1...8 {
                let (id, installToken) = try await owner.createAgent("agent-\(round)")
                async let enrolling = Self.enroll(server, with: installToken, index: round)
                async let acting =
                    rival == "delete"
                    ? owner.api.delete("/api/v1/agents/" + id) : owner.act(id, rival)
                let (enrolment, action) = try await (enrolling, acting)
                #expect(action.status < 300 || action.status == 409, "\(action.status) \(action.text)")
                #expect(
                    [200, 201, 401, 404, 409, 410].contains(enrolment.status),
                    "\(enrolment.status) \(enrolment.text)"
                )
                guard action.status < 300, let token = enrolment.body["agent_token"].text else { continue }
                #expect(try await server.knock(with: token).status == 401, "\(rival) succeeded and the token lives")
            }
        }
    }

    @Test("REV-2: revoke wins its race against a rotation, whenever it comes", arguments: [0, 2, 5, 10, 20, 40])
    func revokeAgainstRotation(_ milliseconds: Int) async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let before = daemon.storedTokens()
            async let rotating = owner.rotate(id, ["wait_seconds": 5])
            try await Task.sleep(for: .milliseconds(milliseconds))
            let during = daemon.storedTokens()
            _ = try await owner.act(id, "tokens/revoke").expecting(200)
            _ = try await rotating
            #expect(try await daemon.program().end(within: .seconds(10)) == .code(10))
            #expect(try await owner.agent(id)["status"].text == "revoked")
            #expect(daemon.storedTokens().isEmpty)
            for token in before.union(during) { #expect(try await server.knock(with: token).status == 401) }
            #expect(["promoted", "cancelled", "failed"].contains(try await owner.rotationState(id) ?? "cancelled"))
        }
    }

    private static func enroll(_ server: Server, with installToken: String, index: Int) async throws -> Reply {
        let key = String(repeating: "A", count: 42) + "A"
        return try await API(url: server.url, token: installToken).post(
            "/api/v1/agents/enroll",
            ["enrolment_id": key, "public_key": publicKeys[index % publicKeys.count]]
        )
    }

    /// Public keys of RFC 8032's test vectors, as base64url.
    private static let publicKeys = [
        "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
        "_FHNjmIYoaONpH7QAjDwWAgW7RO6MwOsXeuRFUiQgCU",
    ]
}
