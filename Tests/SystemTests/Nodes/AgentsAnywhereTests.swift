import Foundation
import Glibc
import Testing

@Suite("An agent of one node, worked on through another", .onPostgresOnly)
struct AgentsAnywhereTests {
    @Test("DST-3, ROT-15: rotated, its grace ended, paused, resumed and revoked through a node it is not connected to")
    func wholeLife() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let (here, there) = (nodes.owner(at: 0), nodes.owner(at: 1))
            let (id, daemon) = try await here.connectedAgent(bench)
            #expect(try await there.agent(id)["connection"].text == "connected")
            try await nodes.rotateAndEndGrace(id, daemon, through: there)
            try await nodes.pauseAndResume(id, daemon, of: here, through: there)
            #expect(try await there.rotate(id).expecting(200)["agent_notified"].bool == true)
            try await there.awaitPromotion(id)
            try await nodes.revoke(id, daemon, through: there)
            try await nodes.awaitSameHistory(id, holding: ["rotated", "grace_ended", "paused", "resumed", "revoked"])
        }
    }

    @Test("DST-3: reset and delete through another node end the daemon, and it may enrol at either", arguments: [0, 1])
    func resetAndDelete(_ asked: Int) async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let (here, there) = (nodes.owner(at: 0), nodes.owner(at: 1))
            let (id, daemon) = try await here.connectedAgent(bench)
            let install = try await there.act(id, "reset").expecting(200).string("install_token")
            _ = try await daemon.program().end(within: .seconds(5))
            #expect(daemon.storedTokens().isEmpty)

            let machine = Daemon(bench)
            #expect(try await machine.enroll(at: nodes.servers[asked].url, with: install).ending == .code(0))
            let program = try machine.run()
            try await nodes.owner(at: 1 - asked).awaitConnection(id)
            #expect(try await nodes.owner(at: 1 - asked).api.delete("/api/v1/agents/" + id).status < 300)
            _ = try await program.end(within: .seconds(5))
            #expect(machine.storedTokens().isEmpty)
        }
    }

    @Test("DST-3, ROT-6, ROT-14: what goes wrong with a rotation is told and ended through another node")
    func refusedAndCancelled() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let (here, there) = (nodes.owner(at: 0), nodes.owner(at: 1))
            let agent = PythonAgent(bench)
            let (id, install) = try await here.createAgent("snake")
            try await agent.enroll(at: nodes.servers[0], with: install)
            let refusing = try agent.run("refuse")
            _ = try await refusing.awaitEvent("connected")
            let reply = try await there.rotate(id)
            #expect(reply.status == 502 && reply.code == "RotationFailed")
            #expect(reply.text.contains("the disk is full"))
            await refusing.kill()

            let unproven = try agent.run("unproven")
            _ = try await unproven.awaitEvent("connected")
            let stored = try await there.rotate(id).expecting(200)
            #expect(stored["agent_notified"].bool == true)
            #expect(try await there.rotate(id).code == "RotationInProgress")
            #expect(try await there.api.delete("/api/v1/agents/\(id)/rotation").status < 300)
            #expect(try await here.rotationState(id) == "cancelled")
            await unproven.kill()
            #expect(try await agent.probe("pending")["event"].text == "refused")
            #expect(try await agent.probe("current")["event"].text == "connected")

            try await here.awaitConnection(id, "disconnected")
            #expect(try await there.rotate(id).expecting(202)["agent_notified"].bool == false)
        }
    }

    @Test("DST-2, DST-3: a setting changed at one node is in force at the others within a second")
    func settings() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let (here, there) = (nodes.owner(at: 0), nodes.owner(at: 1))
            let (id, _) = try await here.connectedAgent(bench)
            for minutes in [7, 9] {
                try await there.set(["agent_token_grace_period_minutes": minutes])
                try await Task.sleep(for: .seconds(1))
                let receipt = try await here.rotate(id, ["wait_seconds": 10]).expecting(200)
                #expect(receipt["grace_period_seconds"].int == minutes * 60)
                try await here.awaitPromotion(id)
                _ = try await there.act(id, "tokens/end-grace").expecting(200)
            }
        }
    }

    @Test("DST-3: of a hundred rotations through another node, 99 are answered within a second")
    func hundred() async throws {
        try await Workbench.run(alone: true) { bench in
            let nodes = try await Nodes.start(on: bench)
            let there = nodes.owner(at: 1)
            let (id, _) = try await nodes.owner(at: 0).connectedAgent(bench)
            var times: [Duration] = []
            for _ in 1...100 {
                let begun = ContinuousClock.now
                let receipt = try await there.rotate(id, ["mode": "immediate"]).expecting(200)
                times.append(ContinuousClock.now - begun)
                #expect(receipt["agent_notified"].bool == true)
                try await there.awaitPromotion(id)
            }
            times.sort()
            #expect(times[98] <= .seconds(1), "the slowest: \(times.suffix(5))")
        }
    }

    @Test("DST-3, ROT-8: the newest channel of an agent wins, whichever node holds the older one")
    func newestChannel() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let agent = PythonAgent(bench)
            let (id, install) = try await nodes.owner(at: 0).createAgent("snake")
            try await agent.enroll(at: nodes.servers[0], with: install)
            let older = try agent.run()
            _ = try await older.awaitEvent("connected")

            let elsewhere = PythonAgent(bench, state: bench.folder + "/elsewhere.json")
            let state = try #require(bench.contents(agent.state))
            try state.replacingOccurrences(of: nodes.servers[0].url, with: nodes.servers[1].url)
                .write(toFile: elsewhere.state, atomically: true, encoding: .utf8)
            let newer = try elsewhere.run()
            _ = try await newer.awaitEvent("connected")
            #expect(try await older.awaitEvent("closed")["code"].int == 4006)
            #expect(newer.ended == nil)
            for index in 0...1 {
                #expect(try await nodes.owner(at: index).agent(id)["connection"].text == "connected")
            }
            #expect(try await nodes.owner(at: 0).rotate(id).expecting(200)["agent_notified"].bool == true)
            _ = try await newer.awaitEvent("promoted")
        }
    }
}
