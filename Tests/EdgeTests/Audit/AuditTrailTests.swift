import Domain
import StrictJSON
import Testing

@Suite("What GET /api/v1/audit/events shows")
struct AuditTrailTests {
    @Test("AUD-2: each step of an agent's life shows its status before and after")
    func lifecycle() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (id, _) = try await server.createAgent("alpha", owner: owner)
            let path = "/api/v1/agents/\(id)"
            let grant = try await server.call("POST", "\(path)/regenerate-token", token: owner)
            let installToken = try #require(grant.json["install_token"]?.stringValue, "\(grant.text)")
            let machine = try await TestMachine.enroll(at: server, id: id, installToken: installToken)
            _ = try await TestChannel.open(server, machine)
            for step in ["pause", "resume", "tokens/revoke", "reset"] {
                #expect(try await server.call("POST", "\(path)/\(step)", token: owner).status == 200, "\(step)")
            }
            #expect(try await server.call("DELETE", path, token: owner).status == 204)

            let shown = try await server.audit(owner, "target_kind=agent&target_id=\(id)&limit=200").reversed().map(
                Self.status
            )
            #expect(
                shown == [
                    "agent.create", "agent.regenerate pending pending", "agent.enroll pending pending",
                    "agent.activate pending active", "agent.pause active paused", "agent.resume paused active",
                    "agent.revoke active revoked", "agent.reset revoked pending", "agent.delete pending deleted",
                ]
            )
        }
    }

    private static func status(_ event: JSONValue) -> String {
        [event["action"], event["before"]?["status"], event["after"]?["status"]]
            .compactMap { $0?.stringValue }.joined(separator: " ")
    }

    @Test("AUD-2: each step of a rotation names the rotation and its mode")
    func rotation() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            let path = "/api/v1/agents/\(machine.id)/tokens"
            async let first = server.call("POST", "\(path)/rotate", token: owner)
            try await channel.takeToken()
            let promoted = try #require(try await first.json["rotation_id"]?.stringValue)
            #expect(try await server.call("POST", "\(path)/end-grace", token: owner).status == 200)
            async let second = server.call("POST", "\(path)/rotate", token: owner, body: #"{"mode":"immediate"}"#)
            let question = try await channel.next().json
            try await channel.answer(question, #"{"status":"error","error":"disk full"}"#)
            #expect(try await second.status == 502)
            let failed = try #require(try await second.json["rotation_id"]?.stringValue)
            await channel.wire.close()
            try await eventually("the agent is away") {
                try await server.agent(machine.id, owner)["connection"]?.stringValue == "disconnected"
            }
            let third = try await server.call("POST", "\(path)/rotate", token: owner)
            let cancelled = try #require(third.json["rotation_id"]?.stringValue, "\(third.text)")
            let rotation = "/api/v1/agents/\(machine.id)/rotation"
            #expect(try await server.call("DELETE", rotation, token: owner).status == 200)

            let events = try await server.audit(owner, "target_kind=agent&target_id=\(machine.id)&limit=200").reversed()
            let shown = events.filter { $0["action"]?.stringValue?.hasPrefix("rotation.") == true }.map { event in
                [event["action"], event["details"]?["rotation_id"], event["details"]?["mode"]]
                    .map { $0?.stringValue ?? "" }.joined(separator: " ")
            }
            #expect(
                shown == [
                    "rotation.request \(promoted) graceful", "rotation.promote \(promoted) graceful",
                    "rotation.end_grace \(promoted) graceful", "rotation.request \(failed) immediate",
                    "rotation.fail \(failed) immediate", "rotation.request \(cancelled) graceful",
                    "rotation.cancel \(cancelled) graceful",
                ]
            )
        }
    }

    @Test("AUD-1, AUD-2: refusals of a known agent's token are counted as the agent's, of an unknown one as nobody's")
    func denials() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            _ = try await TestChannel.open(server, machine)
            #expect(
                try await server.call("POST", "/api/v1/agents/\(machine.id)/tokens/revoke", token: owner).status == 200
            )
            for _ in 0..<3 {
                let refused = try await server.exchange(Array(TestChannel.head(machine.token).utf8))
                #expect(refused.code == "RevokedToken", "\(refused.text)")
            }
            _ = try await server.exchange(Array(TestChannel.head("garbage").utf8))
            server.clock.advance(.minutes(1))
            try await eventually("the minute's counts are written") {
                try await server.audit(owner, "action=channel.open").count == 1
            }
            let event = try #require(try await server.audit(owner, "action=channel.open").first)
            #expect(event["outcome"]?.stringValue == "denied" && event["reason"]?.stringValue == "RevokedToken")
            #expect(event["count"]?.integerValue == 3)
            #expect(event["actor"]?["kind"]?.stringValue == "agent", "\(event.text)")
            #expect(event["actor"]?["id"]?.stringValue == machine.id && event["actor"]?["name"]?.stringValue == "alpha")
            #expect(event["target"]?["kind"]?.stringValue == "agent", "\(event.text)")
            #expect(event["target"]?["id"]?.stringValue == machine.id)
            #expect(event["credential_id"]?.stringValue == machine.credentialID)

            let unknown = try await server.audit(owner, "action=channel.open&scope=server")
            #expect(unknown.map { $0["actor"]?["kind"]?.stringValue } == ["anonymous"])
            #expect(unknown.allSatisfy { $0["target"]?["id"] == nil })
        }
    }
}

extension EdgeServer {
    /// The audit events that a query finds, newest first.
    fileprivate func audit(_ owner: String, _ query: String) async throws -> [JSONValue] {
        let answer = try await call("GET", "/api/v1/audit/events?\(query)", token: owner)
        #expect(answer.status == 200, "\(answer.text)")
        return answer.json["data"]?.arrayValue ?? []
    }
}
