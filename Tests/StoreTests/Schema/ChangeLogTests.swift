import Domain
import Glibc
import SQLDatabase
import SQLiteDriver
import Store
import TestDatabases
import Testing

@Suite("DST-2: the change log is complete by construction")
struct ChangeLogTests {
    /// A statement, and the kinds it must leave in the log.
    private struct Step: Sendable {
        let statement: Statement
        let values: [SQLValue]
        let kinds: [String]

        init(_ statement: Statement, _ values: [SQLValue] = [], _ kinds: [String] = []) {
            self.statement = statement
            self.values = values
            self.kinds = kinds
        }
    }

    @Test(
        "DST-2: each change of a cached column appends, whoever makes it; counters, coming and going do not",
        arguments: Engine.all
    )
    func everyCachedColumn(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let agent = sample.agent("one")
            let credential = sample.credential(of: agent, seed: 1)
            let rotation = sample.rotation(of: credential)
            try await database.write { tx in
                _ = try AgentStore.insert(agent, in: tx)
                try CredentialStore.insert(credential, in: tx)
                _ = try RotationStore.insert(rotation, in: tx)
            }
            for step in Self.steps(agent, sample) {
                let kinds = try await database.write { tx in
                    let before = try ChangeLogStore.lastSequence(in: tx)
                    try tx.execute(step.statement, step.values)
                    return try ChangeLogStore.changes(after: before, limit: 100, in: tx).map(\.kind)
                }
                #expect(kinds == step.kinds, "\(step.statement.text)")
            }
        }
    }

    private static func steps(_ agent: Agent, _ sample: Sample) -> [Step] {
        let texts = ["name", "slug", "description", "persona", "labels", "environment", "region", "allowed_models"]
        let agentSteps = texts.map { Step(Statement("UPDATE agent SET \($0) = ?"), [.text("[\"new\"]")], ["agent"]) }
        let credentialSteps = [
            Step("UPDATE credential SET generation = 2", [], ["credential"]),
            Step("UPDATE credential SET generation = 2", [], []),
            Step("UPDATE credential SET token_expires_at = 5", [], ["credential"]),
            Step("UPDATE credential SET current_hash = ?", [.bytes(sample.hash(8).hash.bytes)], ["credential"]),
            Step("UPDATE credential SET consecutive_failures = 3, retry_at = 5, version = 9", [], []),
            Step("UPDATE credential SET state = 'revoked', revoked_at = 1", [], ["credential"]),
        ]
        let rest = [
            Step("UPDATE identity SET state = 'active'", [], ["identity"]),
            Step("UPDATE identity SET state = 'paused', paused_at = 1", [], ["identity"]),
            Step("UPDATE identity SET version = 77", [], []),
            Step("UPDATE agent SET stated_hostname = 'h', updated_at = 2", [], []),
            Step("UPDATE rotation SET state = 'issued', attempt = 1", [], ["rotation"]),
            Step("UPDATE rotation SET error = 'x'", [], []),
            Step(
                "INSERT INTO agent_presence (agent_id, is_connected, changed_at, channel) VALUES (?, 1, 1, 1)",
                [.text(agent.id.text)],
                ["channel"]
            ),
            Step("UPDATE agent_presence SET is_connected = 0, last_seen_at = 5", [], []),
            Step("UPDATE agent_presence SET channel = 2, node_id = 'n'", [], ["channel"]),
            Step("INSERT INTO setting (name, value, updated_at, version) VALUES ('a', '1', 1, 1)", [], ["setting"]),
            Step("UPDATE setting SET value = '2'", [], ["setting"]),
            Step("UPDATE setting SET updated_at = 3", [], []),
            Step("DELETE FROM setting", [], ["setting"]),
            Step("DELETE FROM rotation", [], ["rotation"]),
            Step("DELETE FROM credential", [], ["credential"]),
            Step("INSERT INTO pepper (id, created_at) VALUES (2, 2)", [], ["pepper"]),
        ]
        return agentSteps + credentialSteps + rest
    }

    @Test("DST-2: a change that is rolled back leaves no entry", arguments: Engine.all)
    func rolledBack(engine: Engine) async throws {
        struct Refusal: Error {}
        try await engine.withStore { database, sample in
            let before = try await database.read { try ChangeLogStore.lastSequence(in: $0) }
            await #expect(throws: Refusal.self) {
                try await database.write { tx in
                    try SettingStore.set("a", to: "1", by: nil, now: sample.start, in: tx)
                    throw Refusal()
                }
            }
            #expect(try await database.read { try ChangeLogStore.lastSequence(in: $0) } == before)
            try await database.write { try SettingStore.set("a", to: "1", by: nil, now: sample.start, in: $0) }
            let changes = try await database.read { try ChangeLogStore.changes(after: before, limit: 9, in: $0) }
            #expect(changes.map(\.id) == ["a"])
        }
    }

    @Test("DST-2: what is trimmed is what every window has left behind", arguments: Engine.all)
    func trimmed(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            var window = try await Self.poll(nil, database).window
            try await database.write { try SettingStore.set("a", to: "1", by: nil, now: sample.start, in: $0) }
            let before = window
            try await database.write { try ChangeLogStore.trim(before: before.low, in: $0) }
            let poll = try await Self.poll(window, database)
            #expect(poll.changes.map(\.id) == ["a"])
            window = poll.window
            // Other transactions of the cluster may hold the window open for a moment.
            var left = poll.changes
            for _ in 0..<2_000 where !left.isEmpty {
                let low = window.low
                try await database.write { try ChangeLogStore.trim(before: low, in: $0) }
                left = try await database.read { try ChangeLogStore.changes(after: 0, limit: 9, in: $0) }
                try await Task.sleep(for: .milliseconds(left.isEmpty ? 0 : 10))
                window = try await Self.poll(window, database).window
            }
            #expect(left == [])
        }
    }

    private static func poll(_ window: ChangeWindow?, _ database: any Database) async throws -> ChangePoll {
        try await database.read { try ChangeLogStore.poll(window, limit: 1000, in: $0) }
    }

    @Test("DST-2: a transaction held open delays nobody's entries, and its own are not skipped when it commits")
    func heldOpen() async throws {
        try await Engine.postgres.withStore { database, sample in
            var window = try await Self.poll(nil, database).window
            var seen: [String] = []
            async let held: Void = database.write { tx in
                try SettingStore.set("slow", to: "1", by: nil, now: sample.start, in: tx)
                _ = try tx.rows("SELECT CAST(pg_sleep(3) AS TEXT)")
            }
            try await Task.sleep(for: .milliseconds(200))
            for number in 0..<200 {
                let name = "fast-\(number)"
                try await database.write { try SettingStore.set(name, to: "1", by: nil, now: sample.start, in: $0) }
                let poll = try await Self.poll(window, database)
                window = poll.window
                seen += poll.changes.map(\.id)
                #expect(seen.last == name, "it is seen at the poll behind its commit")
            }
            #expect(!seen.contains("slow"))
            try await held
            seen += try await Self.poll(window, database).changes.map(\.id)
            #expect(seen.count == Set(seen).count, "nothing is seen twice")
            #expect(Set(seen) == Set((0..<200).map { "fast-\($0)" } + ["slow"]))
        }
    }

    @Test("DST-2: writers that overlap in every order leave nothing unread", .timeLimit(.minutes(2)))
    func overlapping() async throws {
        try await Engine.postgres.withStore { database, sample in
            let start = try await Self.poll(nil, database).window
            let follower = { @Sendable () async throws -> [String] in
                var window = start
                var seen: [String] = []
                while seen.count < 600 {
                    let poll = try await Self.poll(window, database)
                    window = poll.window
                    seen += poll.changes.map(\.id)
                }
                return seen + (try await Self.poll(window, database).changes.map(\.id))
            }
            async let seen = follower()
            try await withThrowingTaskGroup { group in
                for writer in 0..<6 {
                    group.addTask {
                        for number in 0..<100 {
                            let name = "w\(writer)-\(number)"
                            let pause = Double((number * 7 + writer * 13) % 10) / 1000
                            try await database.write { tx in
                                try SettingStore.set(name, to: "1", by: nil, now: sample.start, in: tx)
                                _ = try tx.rows(Self.sleep, [.text("\(pause)")])
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let all = try await seen
            #expect(all.count == 600)
            #expect(Set(all).count == 600)
        }
    }

    @Test("DST-2: the log of a database restored from another cluster is emptied")
    func restored() async throws {
        try await Engine.postgres.withStore { database, _ in
            try await database.write { tx in
                try tx.execute("INSERT INTO change_log (tx, kind, id) VALUES (9000000000000000, 'setting', 'old')")
            }
            #expect(try await database.write { try ChangeLogStore.forgetForeign(in: $0) } > 0)
            #expect(try await database.read { try ChangeLogStore.changes(after: 0, limit: 9, in: $0) } == [])
            #expect(try await database.write { try ChangeLogStore.forgetForeign(in: $0) } == 0)
        }
    }

    @Test("DST-6: a poll tells the database's time, and a clock an hour off is set right by it")
    func databaseTime() async throws {
        try await Engine.postgres.withStore { database, _ in
            let right = DatabaseClock(wall: Self.wall(offBy: .zero))
            for skew in [Duration.seconds(3600), .seconds(-3600), .zero] {
                let clock = DatabaseClock(wall: Self.wall(offBy: skew))
                try await clock.measure(database)
                #expect(abs((clock.now() - right.now()) / .seconds(1)) < 1)
                let poll = try await clock.poll(nil, limit: 10, in: database)
                #expect(poll.databaseTime != nil)
                #expect(abs((clock.now() - right.now()) / .seconds(1)) < 1)
            }
        }
    }

    private static let sleep: Statement = "SELECT CAST(pg_sleep(CAST(CAST(? AS TEXT) AS DOUBLE PRECISION)) AS TEXT)"

    private static func wall(offBy skew: Duration) -> WallClock {
        WallClock {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000) + skew
        }
    }

    @Test("REV-3: a change made by another process on the same file is in the log once the stamp has moved")
    func otherProcess() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.path + "/claviger.db"
        let server = try SQLiteDatabase(.file(path))
        try await Schema.migrate(server, now: 1)
        let host = try SQLiteDatabase(.file(path))
        let seen = try await server.read { try ChangeLogStore.lastSequence(in: $0) }
        let stamp = try await server.changeStamp()
        try await host.write { try SettingStore.set("x", to: "1", by: "root", now: Instant(microseconds: 1), in: $0) }
        #expect(try await server.changeStamp() != stamp)
        let changes = try await server.read { try ChangeLogStore.changes(after: seen, limit: 9, in: $0) }
        #expect(changes.map(\.kind) == ["setting"])
        await host.close()
        await server.close()
    }
}
