import SQLDatabase
import SQLiteDriver
import Store
import Testing

@Suite("No statement of a request reads a large table from end to end")
struct PlanTests {
    private static let large = [
        "agent", "identity", "credential", "rotation", "agent_event", "audit_event", "session", "retired_token",
        "withdrawn_token", "agent_label", "idempotency", "change_log",
    ]

    /// Statements of the housekeeping, which may; and inserts, whose plans name the searches that a violated reference
    /// would need.
    private static let mayScan = [
        "DELETE FROM retired_token WHERE retired_at", "DELETE FROM withdrawn_token WHERE withdrawn_at",
        "DELETE FROM session WHERE expires_at", "INSERT INTO ",
    ]

    @Test("each statement finds its rows by an index")
    func plans() async throws {
        let database = try SQLiteDatabase(.memory)
        try await Schema.migrate(database, now: 0)
        for statement in StoreStatements.all {
            let count = statement.text.filter { $0 == "?" }.count
            let plan = try await database.read { tx in
                try tx.rows(
                    Statement("EXPLAIN QUERY PLAN " + statement.text),
                    Array(repeating: .null, count: count)
                ) { try $0.text(3) }
            }
            let scans = plan.filter { step in
                Self.large.contains { step == "SCAN \($0)" }
            }
            guard !Self.mayScan.contains(where: statement.text.hasPrefix) else { continue }
            #expect(scans.isEmpty, "\(statement.text)\n\(plan)")
        }
        await database.close()
    }
}
