import Foundation
import Glibc
import Testing

@Suite("A database that several nodes share", .onPostgresOnly)
struct SharedDatabaseTests {
    @Test("DST-2, OPS-5: three nodes that start together on an empty database migrate it once and set it up once")
    func startTogether() async throws {
        try await Workbench.run { bench in
            let database = try await TestDatabase.make(on: bench)
            let servers = try Nodes.make(on: bench, databases: [database, database, database])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for server in servers { group.addTask { try await server.start() } }
                try await group.waitForAll()
            }
            let counts = try await database.sql(
                """
                SELECT (SELECT COUNT(*) FROM organization), (SELECT COUNT(*) FROM workspace),
                    (SELECT COUNT(*) FROM one_time_secret), (SELECT COUNT(*) FROM pepper), (SELECT COUNT(*) FROM node)
                """
            )
            #expect(counts == "1|1|1|1|3")
            let migrations = try await database.sql("SELECT name FROM schema_migration ORDER BY name")
            #expect(Set(migrations.split(separator: "\n")).count == migrations.split(separator: "\n").count)
            let links = servers.filter { (try? $0.setupSecret()) != nil }
            #expect(links.count == 1)
            let owner = try await #require(links.first).owner()
            for server in servers {
                #expect(try await API(url: server.url, token: owner.token).get("/api/v1/me").status == 200)
            }
        }
    }

    @Test("DST-2: a transaction held open for 3 seconds delays nobody's news, and its own is not skipped")
    func heldOpen() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let (here, there) = (nodes.owner(at: 0), nodes.owner(at: 1))
            let held = try await here.connectedAgent(bench, name: "held")
            var others: [(id: String, daemon: Daemon)] = []
            for index in 1...4 { others.append(try await here.connectedAgent(bench, name: "other-\(index)")) }
            let transaction = try nodes.database.start(
                """
                BEGIN;
                UPDATE identity SET state = 'revoked', revoked_at = 1, version = version + 1 WHERE id = '\(held.id)';
                \\echo written
                SELECT pg_sleep(3);
                COMMIT;
                \\echo committed
                """
            )
            try await eventually("the transaction has written") { transaction.output.contains("written") }
            for (id, daemon) in others {
                _ = try await there.act(id, "tokens/revoke").expecting(200)
                let begun = ContinuousClock.now
                _ = try await daemon.program().end(within: .seconds(5))
                #expect(ContinuousClock.now - begun < .seconds(1), "news of another transaction was late")
            }
            #expect(!transaction.output.contains("committed"), "the test was too slow to prove anything")
            #expect(try held.daemon.program().ended == nil)
            try await eventually("it has committed") { transaction.output.contains("committed") }
            let begun = ContinuousClock.now
            #expect(try await held.daemon.program().end(within: .seconds(5)) == .code(10))
            #expect(ContinuousClock.now - begun < .seconds(1), "news of the transaction that was held open were late")
        }
    }

    @Test("OPS-5: a database that is newer than the program, or whose migrations were edited, is refused")
    func foreignSchema() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let database = try #require(server.database)
            try await database.sql("INSERT INTO schema_migration VALUES ('9999_future', 'x', 1)")
            try await refused(server, naming: "9999_future")
            #expect(try await API(url: server.url, token: nil).get("/readyz").status == 200)
            try await server.stop()
            try await refused(server, naming: "9999_future")

            try await database.sql("DELETE FROM schema_migration WHERE name = '9999_future'")
            try await server.start()
            try await server.stop()
            let first = try await database.sql("SELECT MIN(name) FROM schema_migration")
            try await database.sql("UPDATE schema_migration SET checksum = 'edited' WHERE name = '\(first)'")
            try await refused(server, naming: first)
        }
    }

    @Test("DST-2, REV-3: the log is trimmed behind all live nodes, and one that was away for long misses nothing")
    func trimmed() async throws {
        try await Workbench.run { bench in
            let nodes = try await Nodes.start(on: bench)
            let there = nodes.owner(at: 1)
            let agent = try await nodes.owner(at: 0).connectedAgent(bench)
            let sleeper = try nodes.servers[0].program()
            sleeper.send(SIGSTOP)
            _ = try await there.act(agent.id, "tokens/revoke").expecting(200)
            for index in 1...20 { _ = try await there.createAgent("other-\(index)") }
            try await eventually("the log is trimmed past the sleeping node", within: .seconds(20)) {
                try await Int(nodes.database.sql("SELECT COUNT(*) FROM change_log")) ?? 99 < 10
            }
            #expect(try agent.daemon.program().ended == nil)
            sleeper.send(SIGCONT)
            #expect(try await agent.daemon.program().end(within: .seconds(5)) == .code(10))
        }
    }

    /// A second server on the database ends with a sentence that names what it does not know.
    private func refused(_ server: Server, naming name: String) async throws {
        let folder = server.bench.folder + "/refused-" + String(UInt32.random(in: 0 ... .max), radix: 36)
        let environment = server.hostEnvironment.merging(["CLAVIGER_DATA_DIR": folder]) { $1 }
        let run = try await server.bench.finish(
            Workbench.claviger,
            ["serve", "--listen", "127.0.0.1:0"],
            environment: environment
        )
        #expect(run.ending != .code(0))
        #expect(run.errors.contains(name), "\(run.errors)")
    }
}
