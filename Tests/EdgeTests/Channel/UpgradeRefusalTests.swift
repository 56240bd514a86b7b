import StrictJSON
import Testing

@Suite("Refused upgrades")
struct UpgradeRefusalTests {
    @Test("AGT-7: an upgrade is refused by a plain problem answer before it happens")
    func refusals() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (_, installToken) = try await server.createAgent("beta", owner: owner)
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let cases: [(head: String, status: Int, code: String)] = [
                (TestChannel.head(nil), 401, "MissingCredential"),
                (TestChannel.head("nonsense"), 401, "InvalidToken"),
                (TestChannel.head(owner), 401, "WrongCredentialKind"),
                (TestChannel.head(installToken), 401, "WrongCredentialKind"),
                (TestChannel.head(machine.token, ["Authorization: Bearer x"]), 401, "MissingCredential"),
                (TestChannel.head(machine.token, ["Sec-WebSocket-Version: 8"]), 426, "UpgradeRequired"),
                (TestChannel.head(machine.token, ["Sec-WebSocket-Key: short"]), 400, "InvalidRequest"),
                (
                    TestChannel.head(machine.token).replacing("claviger.agent.v1", with: "chat"), 400,
                    "InvalidRequest"
                ),
                (
                    TestChannel.head(machine.token).replacing("Host: localhost", with: "Host: evil.example"), 421,
                    "MisdirectedRequest"
                ),
            ]
            for refusal in cases {
                let wire = try await Wire.connect(port: server.port)
                try await wire.send(refusal.head)
                try await eventually("an answer") { Answer(wire.received) != nil }
                let answer = try #require(Answer(wire.received))
                #expect(answer.status == refusal.status, "\(refusal.head)\n\(wire.text)")
                #expect(answer.code == refusal.code)
                #expect(answer["content-type"] == "application/problem+json")
                #expect((answer["www-authenticate"] != nil) == (refusal.status == 401))
                try await wire.awaitClose()
            }
            let plain = try await server.call("GET", "/api/v1/agent/channel")
            #expect(plain.status == 426)
        }
    }

    @Test("REV-1, REV-2: paused and revoked agents are refused by name before the upgrade")
    func pausedAndRevoked() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            await channel.wire.close()
            for (action, code) in [("pause", "SuspendedToken"), ("tokens/revoke", "RevokedToken")] {
                let path = "/api/v1/agents/\(machine.id)/\(action)"
                #expect(try await server.call("POST", path, token: owner).status == 200)
                let answer = try await server.exchange(Array(TestChannel.head(machine.token).utf8))
                #expect(answer.status == 401)
                #expect(answer.code == code, "\(answer.text)")
            }
        }
    }
}
