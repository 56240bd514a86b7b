import Glibc
import SQLDatabase
import SQLiteDriver
import Store
import Testing

@Suite("Every statement is understood by every engine")
struct StatementTests {
    @Test("each statement is prepared on SQLite, and there are no two of the same text")
    func preparedOnSQLite() async throws {
        let database = try SQLiteDatabase(.memory)
        try await Schema.migrate(database, now: 0)
        let statements = StoreStatements.all
        #expect(Set(statements).count == statements.count)
        for statement in statements {
            let count = statement.text.filter { $0 == "?" }.count
            let values = Array(repeating: SQLValue.null, count: count)
            await #expect(throws: Never.self, "\(statement.text)") {
                try await database.read { try $0.rows(Statement("EXPLAIN " + statement.text), values) }
            }
        }
        await database.close()
    }

    @Test("each filter of a list that is absent leaves no trace and each one there is bound")
    func builder() {
        var list = StatementBuilder("SELECT a FROM t")
        list.condition("b = ?", [.int(1)])
        list.condition("c", isOneOf: [.text("x"), .text("y")])
        list.condition("d", isOneOf: [])
        list.append("LIMIT ?", [.int(3)])
        #expect(list.statement.text == "SELECT a FROM t WHERE (b = ?) AND c IN (?, ?) AND (1 = 0) LIMIT ?")
        #expect(list.values == [.int(1), .text("x"), .text("y"), .int(3)])
        #expect(Statement("SELECT ?, '?', \"?\", ?").numbered == "SELECT $1, '?', \"?\", $2")
    }

    /// The script `Scripts/check-statements` names the file and hands it to `psql`.
    @Test("the schema and each statement are written out in their PostgreSQL form for psql")
    func writtenForPostgres() throws {
        guard let path = getenv("CLAVIGER_STATEMENTS_FILE").map({ String(cString: $0) }) else { return }
        var lines = [SchemaWords.replace(in: MigrationRunner.createTable, for: .postgres)]
        lines += Schema.migrations.flatMap { $0.statements(for: .postgres) }
        lines += (StoreStatements.all + StoreStatements.postgresOnly).enumerated().map {
            "PREPARE statement_\($0.offset) AS \($0.element.numbered)"
        }
        let text = Array(lines.map { $0 + ";\n" }.joined().utf8)
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        try #require(file >= 0)
        defer { close(file) }
        var written = 0
        while written < text.count {
            let count = text[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            try #require(count > 0)
            written += count
        }
    }
}
