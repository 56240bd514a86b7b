import SQLDatabase
import Testing

@Suite("DST-1: transactions behave alike on every engine")
struct TransactionTests {
    @Test("types, NULL, Unicode and empty values come back as they were written", arguments: Engine.all)
    func roundTrip(engine: Engine) async throws {
        let rows: [[SQLValue]] = [
            [.int(1), .text("plain"), .bytes([0, 1, 255]), .bool(true)],
            [.int(2), .null, .null, .null],
            [.int(3), .text(""), .bytes([]), .bool(false)],
            [.int(Int64.max), .text("čáp 🦩 e\u{301} \u{FFFF}"), .bytes(Array(repeating: 9, count: 100_000)), .null],
            [.int(Int64.min), .text("'; DROP TABLE sample; --"), .bytes(Array("?".utf8)), .null],
        ]
        try await withSample(engine) { database in
            try await database.write { tx in
                for row in rows { try tx.execute("INSERT INTO sample (n, t, b, flag) VALUES (?, ?, ?, ?)", row) }
            }
            let stored = try await database.read { try $0.rows("SELECT n, t, b, flag FROM sample") }
            #expect(Set(stored) == Set(rows.map { Row($0) }))
        }
    }

    @Test("a text with U+0000 and a value of the wrong type are refused", arguments: Engine.all)
    func wrongValues(engine: Engine) async throws {
        let wrong: [[SQLValue]] = [
            [.int(1), .text("a\0b"), .null, .null],
            [.text("one"), .null, .null, .null],
            [.bytes([1]), .null, .null, .null],
            [.int(1), .null, .text("text"), .null],
            [.int(1), .null, .null, .text("yes")],
        ]
        try await withSample(engine) { database in
            for row in wrong {
                await #expect(throws: DatabaseError(.invalidValue, ""), "\(row)") {
                    try await database.write { tx in
                        try tx.execute("INSERT INTO sample (n, t, b, flag) VALUES (?, ?, ?, ?)", row)
                    }
                }
            }
            try await expectCount(0, in: database)
        }
    }

    @Test("violations of the schema have their own codes", arguments: Engine.all)
    func violations(engine: Engine) async throws {
        let cases: [(Statement, DatabaseError.Code)] = [
            ("INSERT INTO sample (n) VALUES (1)", .uniqueViolation),
            ("INSERT INTO sample (n, unique_text) VALUES (2, 'taken')", .uniqueViolation),
            ("INSERT INTO sample (n, flag) VALUES (2, 2)", .checkViolation),
            ("INSERT INTO sample (n) VALUES (NULL)", .notNullViolation),
            ("INSERT INTO sample (n, parent) VALUES (2, 77)", .foreignKeyViolation),
            ("INSERT INTO nothing (n) VALUES (2)", .statement),
        ]
        try await withSample(engine) { database in
            try await database.write { try $0.execute("INSERT INTO sample (n, unique_text) VALUES (1, 'taken')") }
            for (statement, code) in cases {
                await #expect(throws: DatabaseError(code, ""), "\(statement.text)") {
                    try await database.write { try $0.execute(statement) }
                }
            }
            try await expectCount(1, in: database)
        }
    }

    @Test("an error poisons the transaction, even when the body goes on and returns", arguments: Engine.all)
    func poison(engine: Engine) async throws {
        try await withSample(engine) { database in
            await #expect(throws: DatabaseError(.uniqueViolation, "")) {
                try await database.write { tx in
                    try tx.execute("INSERT INTO sample (n) VALUES (1)")
                    let statements: [Statement] = [
                        "INSERT INTO sample (n) VALUES (1)", "INSERT INTO sample (n) VALUES (2)",
                        "SELECT n FROM sample",
                    ]
                    let codes = statements.map { statement -> DatabaseError.Code? in
                        do { _ = try tx.rows(statement) } catch { return (error as? DatabaseError)?.code }
                        return nil
                    }
                    #expect(codes == [.uniqueViolation, .transactionAborted, .transactionAborted])
                }
            }
            try await expectCount(0, in: database)
        }
    }

    @Test("an expected conflict is asked for, and leaves the transaction usable", arguments: Engine.all)
    func conflictDoesNothing(engine: Engine) async throws {
        try await withSample(engine) { database in
            let answers = try await database.write { tx in
                try (0..<3).map { _ in
                    try tx.first("INSERT INTO sample (n) VALUES (1) ON CONFLICT DO NOTHING RETURNING n") != nil
                }
            }
            #expect(answers == [true, false, false])
            try await expectCount(1, in: database)
        }
    }

    @Test("a body's own error rolls back and comes out unchanged", arguments: Engine.all)
    func ownError(engine: Engine) async throws {
        struct Own: Error, Equatable { let number: Int }
        try await withSample(engine) { database in
            await #expect(throws: Own(number: 7)) {
                try await database.write { tx in
                    try tx.execute("INSERT INTO sample (n) VALUES (1)")
                    throw Own(number: 7)
                }
            }
            try await expectCount(0, in: database)
        }
    }

    @Test("a read transaction can't write, and sees one state while others write", arguments: Engine.all)
    func readsAreReadOnly(engine: Engine) async throws {
        try await withSample(engine) { database in
            await #expect(throws: DatabaseError(.readOnly, "")) {
                try await database.read { tx in
                    let isWritable = tx.isWritable
                    #expect(!isWritable)
                    try tx.execute("INSERT INTO sample (n) VALUES (1)")
                }
            }
            try await database.write { try $0.execute("INSERT INTO sample (n) VALUES (1)") }
            try await expectCount(1, in: database)
        }
    }

    @Test("text sorts by code point and NULLs stay apart", arguments: Engine.all)
    func ordering(engine: Engine) async throws {
        let texts = ["a", "B", "ä", "Z", "b", "", "🦩", "~", "10", "9"]
        try await withSample(engine) { database in
            try await database.write { tx in
                for (index, text) in texts.enumerated() {
                    try tx.execute("INSERT INTO sample (n, t) VALUES (?, ?)", [.int(index), .text(text)])
                }
            }
            let sorted = try await database.read { tx in
                try tx.rows("SELECT t FROM sample WHERE t IS NOT NULL ORDER BY t") { try $0.text(0) }
            }
            #expect(sorted == ["", "10", "9", "B", "Z", "a", "b", "~", "ä", "🦩"])
        }
    }

    @Test("changed rows are counted, selected ones are not", arguments: Engine.all)
    func changedRows(engine: Engine) async throws {
        try await withSample(engine) { database in
            try await database.write { tx in
                for number in 0..<10 { try tx.execute("INSERT INTO sample (n) VALUES (?)", [.int(number)]) }
                let updated = try tx.execute("UPDATE sample SET flag = 1 WHERE n < ?", [.int(4)])
                let selected = try tx.execute("SELECT n FROM sample")
                let deleted = try tx.execute("DELETE FROM sample WHERE n > ?", [.int(100)])
                #expect([updated, selected, deleted] == [4, 0, 0])
            }
            await #expect(throws: DatabaseError(.unexpectedRows, "")) {
                try await database.read { try $0.first("SELECT n FROM sample") }
            }
        }
    }

    private func withSample(_ engine: Engine, _ body: (any Database) async throws -> Void) async throws {
        try await engine.withDatabase { database in
            let sample = """
                CREATE TABLE sample (
                    n {int} NOT NULL UNIQUE,
                    t {text},
                    b {bytes},
                    flag {bool} CHECK (flag IN (0, 1)),
                    unique_text {text} UNIQUE,
                    parent {int} REFERENCES sample (n)
                ) {strict}
                """
            try await database.write { tx in
                try tx.executeSchema(SchemaWords.replace(in: sample, for: tx.dialect))
            }
            try await body(database)
        }
    }

    private func expectCount(_ expected: Int64, in database: any Database) async throws {
        let count = try await database.read { try $0.first("SELECT COUNT(*) FROM sample")?.int(0) }
        #expect(count == expected)
    }
}
