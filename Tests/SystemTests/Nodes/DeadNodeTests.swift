import Glibc
import Testing

@Suite("A node that is gone", .onPostgresOnly)
struct DeadNodeTests {
    @Test("DST-3: agents of a killed node count as disconnected after 10 seconds, and not before others can know")
    func disconnected() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let there = nodes.owner(at: 1)
            let (id, daemon) = try await nodes.owner(at: 0).connectedAgent(bench)
            try await nodes.servers[0].kill()
            #expect(try await there.rotate(id, ["wait_seconds": 1]).expecting(202)["agent_notified"].bool == false)
            try await there.awaitConnection(id, "disconnected")
            // In database time, from the node's last sign of life on: the test itself may be slow to look.
            let waited = try await nodes.database.sql(
                """
                SELECT agent_presence.changed_at - node.seen_at FROM agent_presence
                JOIN node ON node.id = agent_presence.node_id
                """
            )
            #expect((10_000_000...12_000_000).contains(Int(waited) ?? 0), "\(waited) microseconds")
            #expect(try await there.events(id).contains("disconnected"))
            let refused = try await there.rotate(id, ["mode": "immediate", "require_connected": true])
            #expect(refused.code == "AgentNotConnected")

            try await nodes.servers[0].start()
            try await there.awaitConnection(id)
            try await there.awaitPromotion(id)
            #expect(try daemon.program().ended == nil)
        }
    }

    @Test("DST-3, AGT-7: behind a balancer the agents of a killed node come to another one and are rotated there")
    func moved() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let balancer = try await Proxy.start(on: bench, before: nodes.ports)
            var agents: [(id: String, daemon: Daemon)] = []
            for name in ["alpha", "beta"] {
                agents.append(try await nodes.owner(at: 0).connectedAgent(bench, name: name, through: balancer.url))
            }
            try await nodes.servers[0].kill()
            let there = nodes.owner(at: 1)
            for (id, daemon) in agents {
                try await there.rotateToPromotion(id)
                #expect(try daemon.program().ended == nil)
            }
        }
    }

    @Test(
        "ROT-9: the scheduler goes on at another node within 15 seconds, and no rotation is run twice",
        arguments: [SIGKILL, SIGSTOP]
    )
    func scheduler(_ signal: Int32) async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(3, on: bench)
            let first = try await held(nodes)
            let others = [0, 1, 2].filter { $0 != first.index }
            let there = nodes.owner(at: others[0])
            try await there.set(["rotation_check_interval_seconds": 10])
            var agents: [String] = []
            for index in others {
                agents.append(try await nodes.owner(at: index).connectedAgent(bench, name: "agent-\(index)").id)
            }
            let program = try nodes.servers[first.index].program()
            program.send(signal)
            let gone = ContinuousClock.now
            // Half an hour of life is left, in a period of a week.
            let due = try await nodes.databaseTime() + 1_800_000_000
            try await nodes.database.sql("UPDATE credential SET token_expires_at = \(due) WHERE kind = 'agent'")
            try await eventually("another node has the lease", within: .seconds(15)) {
                try await nodes.holder().map { $0.index != first.index && $0.tenure > first.tenure } ?? false
            }
            #expect(ContinuousClock.now - gone <= .seconds(15))
            for id in agents { try await there.awaitPromotion(id) }
            if signal == SIGSTOP { program.send(SIGCONT) }
            try await Task.sleep(for: .seconds(12))
            let runs = try await nodes.database.sql(
                "SELECT COUNT(*), COUNT(DISTINCT credential_id), MIN(origin), MAX(origin), MAX(attempt) FROM rotation"
            )
            #expect(runs == "2|2|scheduler|scheduler|1")
            let requests = "SELECT COUNT(*) FROM agent_event WHERE kind = 'rotation_requested'"
            #expect(try await nodes.database.sql(requests) == "2")
            #expect(try await held(nodes).index != first.index)
        }
    }

    private func held(_ nodes: Nodes) async throws -> (index: Int, tenure: Int) {
        try await eventually("a node has the lease") { try await nodes.holder() != nil }
        guard let holder = try await nodes.holder() else { throw Failure("nobody has the lease") }
        return holder
    }
}
