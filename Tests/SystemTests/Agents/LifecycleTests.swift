import Foundation
import Testing

@Suite("One agent, end to end")
struct LifecycleTests {
    @Test("AGT-2, AGT-4, ROT-2, ROT-15: an enrolled agent is rotated while it stays connected")
    func rotatedWhileConnected() async throws {
        try await Workbench.run { bench in
            let owner = try await Server.start(on: bench).owner()
            let (id, daemon) = try await owner.connectedAgent(bench)
            #expect(try await owner.agent(id)["status"].text == "active")
            let before = daemon.storedTokens()

            let reply = try await owner.rotate(id)
            let receipt = try reply.expecting(200)
            #expect(receipt["agent_notified"].bool == true)
            #expect(receipt["grace_period_seconds"].int == 300)
            try await eventually("the new token stands in the agent's state") { daemon.storedTokens() != before }
            try await owner.awaitConnection(id)
            #expect(try await owner.events(id).contains("disconnected") == false)
            #expect(try await owner.rotate(id).code == "PreviousTokenInGrace")
            #expect(try await owner.act(id, "tokens/end-grace").status < 300)
            try await owner.rotateToPromotion(id)
        }
    }

    @Test("REV-2: revoke closes the live channel, erases the agent's tokens and ends it with its own exit code")
    func revokedWhileConnected() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let tokens = daemon.storedTokens()
            #expect(!tokens.isEmpty)

            _ = try await owner.act(id, "tokens/revoke").expecting(200)
            let ending = try await daemon.program().end(within: .seconds(5))
            #expect(ending == .code(10))
            #expect(daemon.storedTokens().isEmpty)
            for token in tokens {
                let door = try await server.knock(with: token)
                #expect(door.status == 401)
                #expect(door.code == "RevokedToken")
            }
            #expect(try await owner.act(id, "tokens/revoke").status == 200)
            #expect(try await owner.agent(id)["status"].text == "revoked")

            try await server.kill()
            try await server.start()
            for token in tokens { #expect(try await server.knock(with: token).code == "RevokedToken") }
        }
    }

    @Test("REV-1: pause disconnects and refuses; resume lets the same credentials in again")
    func pausedAndResumed() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let tokens = daemon.storedTokens()
            for _ in 1...2 { #expect(try await owner.act(id, "pause").status == 200) }
            try await owner.awaitConnection(id, "disconnected")
            #expect(try await owner.rotate(id).code == "AgentPaused")
            for token in tokens { #expect(try await server.knock(with: token).status != 101) }
            #expect(daemon.storedTokens() == tokens)
            #expect(try daemon.program().ended == nil)

            for _ in 1...2 { #expect(try await owner.act(id, "resume").status == 200) }
            try await daemon.kill()
            try daemon.run()
            try await owner.awaitConnection(id)
            #expect(daemon.storedTokens() == tokens)
        }
    }

    @Test("AGT-6: reset kills every credential and lets the machine enrol again under the same id")
    func resetAndEnrolledAgain() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let tokens = daemon.storedTokens()
            let reset = try await owner.act(id, "reset").expecting(200)
            let installToken = try reset.string("install_token")
            _ = try await daemon.program().end(within: .seconds(5))
            #expect(daemon.storedTokens().isEmpty)
            for token in tokens { #expect(try await server.knock(with: token).status == 401) }

            let machine = Daemon(bench)
            #expect(try await machine.enroll(at: server.url, with: installToken).ending == .code(0))
            try machine.run()
            try await owner.awaitConnection(id)
            #expect(try await owner.events(id).contains("reset"))
        }
    }

    @Test("AGT-5: an install token enrols one machine only, and dies with regenerate")
    func installTokenOnce() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, first) = try await owner.createAgent("alpha")
            let second = try await owner.act(id, "regenerate-token").expecting(200).string("install_token")
            #expect(try await Daemon(bench).enroll(at: server.url, with: first).ending != .code(0))

            let daemon = Daemon(bench)
            #expect(try await daemon.enroll(at: server.url, with: second).ending == .code(0))
            let thief = try await Daemon(bench).enroll(at: server.url, with: second)
            #expect(thief.ending != .code(0))
            try daemon.run()
            try await owner.awaitConnection(id)
            #expect(try await owner.act(id, "regenerate-token").code == "AgentNotPending")
        }
    }

    @Test("AGT-9: a deleted agent is disconnected, its tokens are dead and its id stays taken")
    func deleted() async throws {
        try await Workbench.run { bench in
            let (server, owner, id, daemon) = try await Server.startWithAgent(on: bench)
            let tokens = daemon.storedTokens()
            #expect(try await owner.api.delete("/api/v1/agents/" + id).status < 300)
            _ = try await daemon.program().end(within: .seconds(5))
            for token in tokens { #expect(try await server.knock(with: token).status == 401) }
            #expect(try await owner.api.get("/api/v1/agents/" + id).status == 404)
            #expect(try await owner.createAgent("alpha").id != id)
        }
    }
}
