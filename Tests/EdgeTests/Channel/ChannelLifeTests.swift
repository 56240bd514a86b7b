import Crypto
import StrictJSON
import Testing

@Suite("The agent channel")
struct ChannelLifeTests {
    @Test("AGT-7, ROT-2: an agent proves its key, is rotated on its channel, and proves the new token there")
    func wholeLife() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, result) = try await TestChannel.open(server, machine)
            #expect(result["mode"]?.stringValue == "full")
            #expect(result["settings"]?["heartbeat_seconds"]?.integerValue == 20)
            #expect(try await server.agent(machine.id, owner)["connection"]?.stringValue == "connected")
            async let rotated = server.call(
                "POST",
                "/api/v1/agents/\(machine.id)/tokens/rotate",
                token: owner,
                body: #"{"wait_seconds":10}"#
            )
            let question = try await channel.next().json
            #expect(question["method"]?.stringValue == "agent.rotate_token")
            let id = try #require(question["id"]?.stringValue)
            let token = try #require(question["params"]?["new_token"]?.stringValue)
            try await channel.send(
                #"{"jsonrpc":"2.0","id":"\#(id)","result":{"status":"ok","rotated_at":"2026-11-21T00:00:00Z"}}"#
            )
            let answer = try await rotated
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.json["agent_notified"]?.boolValue == true)
            try await channel.send(
                #"{"jsonrpc":"2.0","id":"a1","method":"agent.authenticate","params":{"token":"\#(token)"}}"#
            )
            #expect(try await channel.next().json["result"]?["generation"]?.integerValue == 2)
            let rotation = try await server.call("GET", "/api/v1/agents/\(machine.id)/rotation", token: owner)
            #expect(rotation.json["state"]?.stringValue == "promoted")
        }
    }

    @Test("ROT-6, ROT-15: the agent's error fails the request with 502 and its reason, and again with the same key")
    func agentError() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            let path = "/api/v1/agents/\(machine.id)/tokens/rotate"
            let key = ["Idempotency-Key: r"]
            async let rotated = server.call("POST", path, token: owner, headers: key)
            let id = try #require(try await channel.next().json["id"]?.stringValue)
            try await channel.send(
                #"{"jsonrpc":"2.0","id":"\#(id)","result":{"status":"error","error":"disk full"}}"#
            )
            let answer = try await rotated
            #expect(answer.status == 502)
            #expect(answer.code == "RotationFailed")
            #expect(answer.text.contains("disk full"))
            let again = try await server.call("POST", path, token: owner, headers: key)
            #expect(again.status == 502)
            #expect(again.code == "RotationFailed")
            #expect(again.text.contains("disk full"))
            #expect(again.json["rotation_id"] == answer.json["rotation_id"])
        }
    }

    @Test("REV-1, REV-2, AGT-6, AGT-9: pause, revoke, reset and delete close the channel with their own codes")
    func closeCodes() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            for (action, code) in [("pause", 4004), ("tokens/revoke", 4001), ("reset", 4003), ("", 4002)] {
                let machine = try await server.enrolledAgent("agent-\(code)", owner: owner)
                let (channel, _) = try await TestChannel.open(server, machine)
                let path = "/api/v1/agents/\(machine.id)"
                let answer =
                    action.isEmpty
                    ? try await server.call("DELETE", path, token: owner)
                    : try await server.call("POST", "\(path)/\(action)", token: owner)
                #expect((200...204).contains(answer.status), "\(answer.text)")
                let notice = try await channel.next()
                #expect(notice.json["method"]?.stringValue == "agent.close")
                #expect(notice.json["params"]?["code"]?.integerValue == Int64(code))
                #expect(try await channel.closeCode() == code)
            }
        }
    }

    @Test("AGT-7: a newer channel replaces the older one with 4006")
    func replaced() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (older, _) = try await TestChannel.open(server, machine)
            let (newer, _) = try await TestChannel.open(server, machine)
            #expect(try await older.closeCode() == 4006)
            try await newer.send(#"{"jsonrpc":"2.0","id":"b","method":"agent.heartbeat"}"#)
            #expect(try await newer.next().json["id"]?.stringValue == "b")
        }
    }

    @Test("ROT-8: a copied token without the agent's key opens no channel")
    func copiedToken() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let thief = TestMachine(
                id: machine.id,
                credentialID: machine.credentialID,
                key: .init(),
                token: machine.token
            )
            let channel = try await TestChannel.upgrade(server, token: thief.token)
            _ = try await channel.next()
            try await channel.send(TestChannel.hello(id: "h", signature: try thief.proof(of: [1, 2, 3])))
            #expect(try await channel.closeCode() == 4401)
        }
    }
}
