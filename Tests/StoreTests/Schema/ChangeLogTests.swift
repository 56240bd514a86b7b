import Domain
import SQLDatabase
import SQLiteDriver
import Store
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
        "DST-2: each change of a cached column appends, whoever makes it; counters and presence do not",
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
                "INSERT INTO agent_presence (agent_id, is_connected, changed_at) VALUES (?, 1, 1)",
                [.text(agent.id.text)],
                []
            ),
            Step("UPDATE agent_presence SET is_connected = 0", [], []),
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
            try await database.write { try ChangeLogStore.trim(upTo: changes[0].sequence, in: $0) }
            #expect(try await database.read { try ChangeLogStore.changes(after: 0, limit: 9, in: $0) } == [])
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
