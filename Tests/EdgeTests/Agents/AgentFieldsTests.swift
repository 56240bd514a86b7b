import StrictJSON
import Testing

@Suite("Fields of agents and rotations")
struct AgentFieldsTests {
    @Test("AGT-1: a definition that replaces another names its slug; what else is absent takes its default")
    func replaced() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (id, _) = try await server.createAgent("alpha", owner: owner)
            let path = "/api/v1/agents/\(id)"
            let refused = try await server.call("PUT", path, token: owner, body: #"{"name":"beta"}"#)
            #expect(refused.status == 422 && refused.code == "InvalidFields", "\(refused.text)")
            #expect(refused.json["errors"]?.arrayValue?.compactMap { $0["path"]?.stringValue } == ["/slug"])
            #expect(try await server.agent(id, owner)["name"]?.stringValue == "alpha")
            let body = #"{"name":"beta","slug":"b","labels":{"team":"x"}}"#
            #expect(try await server.call("PUT", path, token: owner, body: body).status == 200)
            let next = try await server.call("PUT", path, token: owner, body: #"{"name":"beta","slug":"b"}"#).json
            #expect(next["slug"]?.stringValue == "b" && next["labels"] == .object([:]), "\(next.text)")
        }
    }

    @Test("AGT-4: a pending agent shows until when its install token works, a connected one does not")
    func installTokenExpiry() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let created = try await server.call("POST", "/api/v1/agents", token: owner, body: #"{"name":"alpha"}"#).json
            let expiry = try #require(created["install_token_expires_at"]?.stringValue)
            let id = try #require(created["agent"]?["id"]?.stringValue)
            #expect(created["agent"]?["install_token_expires_at"]?.stringValue == expiry)
            let shown = try await server.call("GET", "/api/v1/agents/\(id)", token: owner).json
            #expect(shown["install_token_expires_at"]?.stringValue == expiry)
            let listed = try await server.call("GET", "/api/v1/agents", token: owner).json
            #expect(listed["data"]?.arrayValue?.first?["install_token_expires_at"]?.stringValue == expiry)
            server.clock.advance(.seconds(60))
            let path = "/api/v1/agents/\(id)/regenerate-token"
            let later = try await server.call("POST", path, token: owner).json["install_token_expires_at"]?.stringValue
            let again = try await server.call("GET", "/api/v1/agents/\(id)", token: owner).json
            #expect(again["install_token_expires_at"]?.stringValue == later && later != expiry)

            let machine = try await server.enrolledAgent("beta", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            let active = try await server.call("GET", "/api/v1/agents/\(machine.id)", token: owner).json
            #expect(active["status"]?.stringValue == "active")
            #expect(active["install_token_expires_at"] == nil)
            await channel.wire.close()
        }
    }

    @Test("ROT-6: a rotation shows the failures in a row and, after one, the time of the next try")
    func failures() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            let path = "/api/v1/agents/\(machine.id)"
            let asked = try await server.call(
                "POST",
                path + "/tokens/rotate",
                token: owner,
                body: #"{"wait_seconds":0}"#
            )
            #expect(asked.status == 202)
            let running = try await server.call("GET", path + "/rotation", token: owner).json
            #expect(running["failures"]?.integerValue == 0)
            #expect(running["next_attempt_at"] == nil)
            let frame = try await channel.next().json
            let id = try #require(frame["id"]).text
            try await channel.send(#"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32000,"message":"disk full"}}"#)
            try await eventually("the rotation failed") {
                try await server.call("GET", path + "/rotation", token: owner).json["state"]?.stringValue == "failed"
            }
            let failed = try await server.call("GET", path + "/rotation", token: owner).json
            #expect(failed["failures"]?.integerValue == 1)
            #expect(failed["next_attempt_at"]?.stringValue != nil)
            await channel.wire.close()
        }
    }
}
