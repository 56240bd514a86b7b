import Foundation
import Testing

/// The programs of an earlier commit beside those of this one, on one database.
@Suite("Nodes one commit apart", .onPostgresOnly, .betweenCommits)
struct RollingUpgradeTests {
    @Test("DST-7: a newer node joins an older one that serves on, and each works on the agents of the other")
    func newerJoins() async throws {
        try await Workbench.run { bench in
            let earlier = try Programs.earlier()
            let nodes = try await Nodes.start(on: bench, programs: { $0 == 0 ? earlier : .current })
            #expect(try await Programs.current.migrations(on: nodes.database).pending.isEmpty)
            try await live(on: nodes, older: 0, earlier)
        }
    }

    @Test("DST-7, OPS-5: an older node joins a newer one on the same schema, and is refused on a newer schema")
    func olderJoins() async throws {
        try await Workbench.run { bench in
            let earlier = try Programs.earlier()
            let (database, unused) = (try await TestDatabase.make(on: bench), try await TestDatabase.make(on: bench))
            let known = try await earlier.migrations(on: unused).all
            let all = try await Programs.current.migrations(on: unused).all
            #expect(all.starts(with: known), "a migration was renamed or lost: \(known), \(all)")
            if all == known {
                let nodes = try await Nodes.start(
                    on: bench,
                    database: database,
                    programs: { $0 == 0 ? .current : earlier }
                )
                #expect(try await earlier.migrations(on: database) == (known, []))
                try await live(on: nodes, older: 1, earlier)
            } else {
                try await refused(earlier, on: database, naming: all[known.count])
            }
        }
    }

    @Test("DST-7: the older node is started anew as a newer one, and no agent is stranded")
    func upgraded() async throws {
        try await Workbench.run { bench in
            let earlier = try Programs.earlier()
            let nodes = try await Nodes.start(on: bench, programs: { $0 == 0 ? earlier : .current })
            var agents: [(id: String, daemon: Daemon)] = []
            for (index, programs) in [(0, earlier), (0, .current), (1, earlier), (1, .current)] {
                let owner = nodes.owner(at: index)
                agents.append(try await owner.connectedAgent(bench, name: "a\(agents.count)", programs: programs))
            }
            let waiting = try await nodes.owner(at: 0).createAgent("waiting")
            // One is in its grace while its node changes.
            _ = try await nodes.owner(at: 1).rotate(agents[0].id).expecting(200)
            try await nodes.owner(at: 1).awaitPromotion(agents[0].id)

            try await nodes.servers[0].stop()
            nodes.servers[0].use(.current)
            try await nodes.servers[0].start()
            let late = Daemon(bench, programs: earlier)
            #expect(try await late.enroll(at: nodes.servers[0].url, with: waiting.installToken).ending == .code(0))
            try late.run()
            try await nodes.owner(at: 1).awaitConnection(waiting.id)
            for (number, agent) in (agents + [(waiting.id, late)]).enumerated() {
                try await nodes.owner(at: 0).awaitConnection(agent.id)
                try await nodes.owner(at: number % 2).rotateToPromotion(agent.id)
                #expect(try agent.daemon.program().ended == nil)
            }
            // A daemon of the earlier commit becomes one of this commit on the state that it left.
            let (id, older) = agents[0]
            try await older.kill()
            let newer = Daemon(bench, state: older.state)
            try newer.run()
            try await nodes.owner(at: 1).rotateToPromotion(id)
            #expect(try newer.program().ended == nil)
        }
    }

    /// Two agents from beginning to end, each asked for at the node that it isn't connected to: one with the older
    /// daemon at the newer node, one with the newer daemon at the older node.
    private func live(on nodes: Nodes, older: Int, _ earlier: Programs) async throws {
        for (index, programs) in [(1 - older, earlier), (older, .current)] {
            let (here, there) = (nodes.owner(at: index), nodes.owner(at: 1 - index))
            let (id, daemon) = try await there.connectedAgent(
                nodes.bench,
                name: "at-\(index)",
                through: nodes.servers[index].url,
                programs: programs
            )
            try await nodes.rotateAndEndGrace(id, daemon, through: there)
            try await nodes.pauseAndResume(id, daemon, of: here, through: there)
            try await changeSettings(at: there, minutes: 7 + index, seenAt: here, by: id)
            try await nodes.revoke(id, daemon, through: there)
            try await nodes.awaitSameHistory(id, holding: ["rotated", "paused", "resumed", "revoked"])
        }
    }

    /// Changes a setting at one node; another one tells it and rotates by it.
    private func changeSettings(at there: Operator, minutes: Int, seenAt here: Operator, by id: String) async throws {
        try await there.set(["agent_token_grace_period_minutes": minutes])
        try await Task.sleep(for: .seconds(1))
        #expect(try await Self.settings(as: here) == Self.settings(as: there))
        let receipt = try await here.rotate(id, ["wait_seconds": 10]).expecting(200)
        #expect(receipt["grace_period_seconds"].int == minutes * 60)
        try await here.awaitPromotion(id)
        _ = try await here.act(id, "tokens/end-grace").expecting(200)
    }

    /// The value of each setting; a newer version tells more about them.
    private static func settings(as owner: Operator) async throws -> [String: Int] {
        let all = try await owner.api.get("/api/v1/settings").expecting(200)["data"].items
        return Dictionary(uniqueKeysWithValues: try all.map { (try $0.string("key"), $0["value"].int ?? -1) })
    }

    /// A newer node has migrated beyond an older program: that says so, starts not, and the newer one serves on.
    private func refused(_ earlier: Programs, on database: TestDatabase, naming migration: String) async throws {
        let nodes = try await Nodes.start(1, on: database.bench, database: database)
        let sentence = "The database has migration \(migration), which this version does not know."
        // It has a directory of its own, as on another machine.
        let serve = ["serve", "--listen", "127.0.0.1:0", "--data-dir", database.bench.folder + "/older"]
        for words in [["migrate", "status"], ["migrate", "up"], serve] {
            let run = try await database.bench.finish(
                earlier.claviger,
                words,
                environment: nodes.servers[0].hostEnvironment
            )
            #expect(run.ending != .code(0), "\(words)")
            #expect(run.errors.contains(sentence), "\(words): \(run.errors)")
        }
        #expect(try await API(url: nodes.servers[0].url, token: nil).get("/readyz").status == 200)
    }
}
