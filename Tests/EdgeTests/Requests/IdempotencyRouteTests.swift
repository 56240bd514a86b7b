import StrictJSON
import Testing

@Suite("Idempotency keys")
struct IdempotencyRouteTests {
    @Test(
        "ROT-5: the same key answers the same object, its secret null; another body 422; another caller is another key"
    )
    func replay() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let key = ["Idempotency-Key: one"]
            let first = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: key,
                body: #"{"name":"a"}"#
            )
            #expect(first.status == 201)
            #expect(first.json["install_token"]?.stringValue != nil)
            let again = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: key,
                body: #"{"name":"a"}"#
            )
            #expect(again.status == 201)
            #expect(again.json["agent"]?["id"] == first.json["agent"]?["id"])
            #expect(again.json["install_token"] == .null)
            #expect(again.json["secret_already_shown"]?.boolValue == true)
            let other = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: key,
                body: #"{"name":"b"}"#
            )
            #expect(other.status == 422)
            #expect(other.code == "IdempotencyKeyReused")
            let refused = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: ["Idempotency-Key: two"],
                body: #"{"name":""}"#
            )
            #expect(refused.status == 422)
            let retried = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: ["Idempotency-Key: two"],
                body: #"{"name":"c"}"#
            )
            #expect(retried.status == 201, "\(retried.text)")
            let twice = try await server.call(
                "POST",
                "/api/v1/agents",
                token: owner,
                headers: key + ["Idempotency-Key: x"],
                body: #"{"name":"d"}"#
            )
            #expect(twice.status == 400)
        }
    }

    @Test("ROT-5, ROT-7: a rotation asked for twice with one key is one rotation; disconnected it is queued with 202")
    func rotation() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            await channel.wire.close()
            try await eventually("it is disconnected") {
                try await server.agent(machine.id, owner)["connection"]?.stringValue == "disconnected"
            }
            let path = "/api/v1/operator/agents/\(machine.id)/tokens/rotate"
            let first = try await server.call("POST", path, token: owner, headers: ["Idempotency-Key: r"])
            #expect(first.status == 202, "\(first.text)")
            #expect(first.json["agent_notified"]?.boolValue == false)
            let alias = "/api/v1/agents/\(machine.id)/tokens/rotate"
            let again = try await server.call("POST", alias, token: owner, headers: ["Idempotency-Key: r"])
            #expect(again.status == 202)
            #expect(again.json["rotation_id"] == first.json["rotation_id"])
            let more = try await server.call("POST", alias, token: owner)
            #expect(more.status == 409)
            #expect(more.code == "RotationInProgress")
            #expect(more.json["rotation_id"] == first.json["rotation_id"])
            let needed = try await server.call(
                "POST",
                alias,
                token: owner,
                body: #"{"require_connected":true,"mode":"immediate"}"#
            )
            #expect(needed.code == "AgentNotConnected", "\(needed.text)")
        }
    }
}
