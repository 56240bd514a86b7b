import SQLDatabase
import Store
import Testing

@Suite("OPS-5: migrations")
struct MigrationTests {
    private static let first = Migration("0001_first", [.both("CREATE TABLE a (n {int} NOT NULL) {strict}")])
    private static let second = Migration(
        "0002_second",
        [
            .both("CREATE TABLE b (n {int} NOT NULL) {strict}"),
            .each(
                sqlite: ["CREATE TRIGGER b_copies AFTER INSERT ON b BEGIN INSERT INTO a (n) VALUES (NEW.n); END"],
                postgres: []
            ),
        ]
    )
    private static let broken = Migration(
        "0002_broken",
        [.both("CREATE TABLE b (n {int} NOT NULL) {strict}"), .both("CREATE TABEL c (n {int})")]
    )

    @Test("OPS-5: an empty database is brought up to date once, and again without effect", arguments: Engine.all)
    func fromEmpty(engine: Engine) async throws {
        try await engine.withDatabase { database in
            #expect(try await Schema.migrate(database, now: 1) == Schema.migrations.map(\.name))
            #expect(try await Schema.migrate(database, now: 2) == [])
            let recorded = try await database.read { try $0.rows(MigrationRunner.list) { try $0.text(0) } }
            #expect(recorded == Schema.migrations.map(\.name))
        }
    }

    @Test("OPS-5: an older database gets only what it lacks", arguments: Engine.all)
    func fromOlder(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await MigrationRunner([Self.first]).run(on: database, now: 1)
            #expect(try await MigrationRunner([Self.first, Self.second]).run(on: database, now: 2) == ["0002_second"])
            try await database.write { try $0.execute("INSERT INTO b (n) VALUES (7)") }
        }
    }

    @Test("OPS-5: a newer database is refused before anything is written", arguments: Engine.all)
    func newerIsRefused(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await MigrationRunner([Self.first, Self.second]).run(on: database, now: 1)
            let before = try await database.read { try $0.rows(MigrationRunner.list) }
            await #expect(throws: DatabaseError(.tooNew, "")) {
                try await MigrationRunner([Self.first]).run(on: database, now: 2)
            }
            let third = Migration("0003_third", [.both("CREATE TABLE c (n {int})")])
            await #expect(throws: DatabaseError(.migrationMismatch, "")) {
                try await MigrationRunner([Self.first, third]).run(on: database, now: 2)
            }
            let other = Migration("0001_other", [.both("CREATE TABLE c (n {int})")])
            await #expect(throws: DatabaseError(.migrationMismatch, "")) {
                try await MigrationRunner([other, Self.second]).run(on: database, now: 2)
            }
            #expect(try await database.read { try $0.rows(MigrationRunner.list) } == before)
            await #expect(throws: DatabaseError(.statement, "")) {
                try await database.read { try $0.rows("SELECT n FROM c") }
            }
        }
    }

    @Test("OPS-5: a migration that was edited after it was applied is refused", arguments: Engine.all)
    func editedIsRefused(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await MigrationRunner([Self.first]).run(on: database, now: 1)
            let edited = Migration("0001_first", [.both("CREATE TABLE a (n {int}) {strict}")])
            await #expect(throws: DatabaseError(.migrationMismatch, "")) {
                try await MigrationRunner([edited]).run(on: database, now: 2)
            }
        }
    }

    @Test(
        "OPS-5: garbage in the table of migrations is refused",
        arguments: Engine.all,
        ["", "0001", "1_x", "9999-x", "0001_First", "'; DROP TABLE a; --", "\u{FFFF}"]
    )
    func garbage(engine: Engine, name: String) async throws {
        try await engine.withDatabase { database in
            try await MigrationRunner([Self.first]).run(on: database, now: 1)
            try await database.write { try $0.execute("UPDATE schema_migration SET name = ?", [.text(name)]) }
            await #expect(throws: DatabaseError(.migrationMismatch, "")) {
                try await MigrationRunner([Self.first, Self.second]).run(on: database, now: 2)
            }
        }
    }

    @Test("OPS-5: a migration that fails is not half applied", arguments: Engine.all)
    func failureLeavesNothing(engine: Engine) async throws {
        try await engine.withDatabase { database in
            await #expect(throws: DatabaseError(.statement, "")) {
                try await MigrationRunner([Self.first, Self.broken]).run(on: database, now: 1)
            }
            let recorded = try await database.read { try $0.rows(MigrationRunner.list) { try $0.text(0) } }
            #expect(recorded == ["0001_first"])
            #expect(try await MigrationRunner([Self.first, Self.second]).run(on: database, now: 2) == ["0002_second"])
        }
    }

    @Test("names are checked before anything runs")
    func names() async throws {
        for names in [["1_a"], ["0001_a", "0001_a"], ["0002_b", "0001_a"], ["0001_A"], ["0001_"]] {
            let runner = MigrationRunner(names.map { Migration($0, []) })
            await #expect(throws: DatabaseError(.migrationMismatch, "")) {
                try await Engine.inMemory.withDatabase { try await runner.run(on: $0, now: 1) }
            }
        }
    }

    @Test("OPS-5: a released migration is never edited")
    func releasedChecksums() {
        // Every difference in this list but a further line breaks the databases people have.
        let released = [
            "0001_foundation e19b8ac0335f1251", "0002_nodes a18f10b8837910e6", "0003_access bc9f3bf213c8839c",
        ]
        #expect(Schema.migrations.map { "\($0.name) \($0.checksum)" } == released)
    }

    @Test("the six words are replaced in each engine's way and nothing else is touched")
    func words() {
        let text = "{text} {int} {bool} {bytes} {identity} {strict} {other} {\"a\":{}}"
        #expect(
            SchemaWords.replace(in: text, for: .sqlite)
                == "TEXT INTEGER INTEGER BLOB INTEGER PRIMARY KEY AUTOINCREMENT STRICT {other} {\"a\":{}}"
        )
        #expect(
            SchemaWords.replace(in: text, for: .postgres)
                == "TEXT COLLATE \"C\" BIGINT SMALLINT BYTEA BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY  {other} {\"a\":{}}"
        )
    }
}
