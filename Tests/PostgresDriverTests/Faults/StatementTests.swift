import PostgresDriver
import SQLDatabase
import TestDatabases
import Testing

@Suite("DST-4: statements against a real PostgreSQL end in time")
struct StatementTests {
    @Test("a statement ends at its deadline, by the server's own limit and without it", arguments: [false, true])
    func deadline(serverForgets: Bool) async throws {
        let server = try TestServer()
        try await server.withDatabase(statementLimit: .milliseconds(300)) { database in
            let began = ContinuousClock.now
            let code = await code {
                try await database.read { tx in
                    // A statement of the schema lifts the server's limit for the rest of the transaction.
                    if serverForgets { try tx.executeSchema("SELECT 1") }
                    _ = try tx.rows("SELECT 1 FROM pg_sleep(20)")
                }
            }
            #expect(code == .timeout)
            #expect(ContinuousClock.now - began < .seconds(5))
            let next = try await database.number()
            #expect(next == 1)
            #expect(try await server.runningCount("pg_sleep") == 0)
            #expect(try await server.connectionCount() == 2)
        }
    }

    @Test("a read whose caller leaves ends on the server too, and its connection goes on")
    func cancelledRead() async throws {
        let server = try TestServer()
        try await server.withDatabase { database in
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: CancellationError.self) {
                        try await database.read { try $0.rows("SELECT 1 FROM pg_sleep(15)") }
                    }
                }
                group.addTask {
                    try? await eventually("the query runs") { try await server.runningCount("pg_sleep(15)") == 1 }
                }
                await group.next()
                group.cancelAll()
            }
            try await eventually("the query has ended") { try await server.runningCount("pg_sleep(15)") == 0 }
            for _ in 0..<20 { #expect(try await database.number() == 1) }
            #expect(try await server.connectionCount() == 2)
        }
    }

    @Test("a write that has begun runs to its end, whoever leaves; one that waits is taken out")
    func cancelledWrite() async throws {
        let server = try TestServer()
        try await server.withDatabase(connections: 1) { database in
            let gate = Gate()
            let (first, second) = await withTaskGroup(of: (Int, Bool).self) { group in
                group.addTask {
                    let done: Void? = try? await database.write { tx in
                        gate.wait()
                        _ = try tx.rows("SELECT 1 FROM pg_sleep(0.2)")
                    }
                    return (1, done != nil)
                }
                await gate.reached()
                group.addTask {
                    do {
                        try await database.write { _ in }
                        return (2, false)
                    } catch { return (2, error is CancellationError) }
                }
                try? await eventually("the second waits") { database.load.waiting == 1 }
                group.cancelAll()
                try? await eventually("the second has left") { database.load.waiting == 0 }
                gate.open()
                var results = [1: false, 2: false]
                for await (index, isGood) in group { results[index] = isGood }
                return (results[1], results[2])
            }
            #expect(first == true)
            #expect(second == true)
        }
    }

    @Test("the server keeps no more prepared statements than the driver knows")
    func preparedStatements() async throws {
        let server = try TestServer()
        try await server.withDatabase(connections: 1) { database in
            for part in 0..<7 {
                try await database.read { tx in
                    for number in 0..<100 { _ = try tx.rows(Statement("SELECT \(part * 100 + number)")) }
                }
            }
            let count = try await database.number("SELECT COUNT(*) FROM pg_prepared_statements")
            #expect(count > 400)
            #expect(count <= 512)
        }
    }

    @Test("a statement whose columns have changed type since is prepared again")
    func stalePlan() async throws {
        let server = try TestServer()
        try await server.withDatabase(connections: 1) { database in
            let table = server.application
            let select = Statement("SELECT n FROM \(table)")
            try await database.write { try $0.executeSchema("CREATE TABLE \(table) (n INTEGER)") }
            _ = try await database.read { try $0.rows(select) }
            try await database.write { try $0.executeSchema("ALTER TABLE \(table) ALTER COLUMN n TYPE BIGINT") }
            #expect(try await database.read { try $0.rows(select) }.isEmpty)
            try await database.write { try $0.executeSchema("DROP TABLE \(table)") }
        }
    }

    @Test("numbers, truth and sums come as whole numbers; what none of ours is, is refused")
    func types() async throws {
        let server = try TestServer()
        try await server.withDatabase { database in
            let row = try await database.read { tx in
                try tx.first(
                    """
                    SELECT 7::smallint, -8::integer, 9223372036854775807, -9223372036854775808, true, false, NULL,
                        (SELECT SUM(n) FROM (VALUES (9223372036854775806), (1)) AS numbers (n)), 'é', ''::bytea,
                        '\\x00ff'::bytea
                    """
                )
            }
            let expected: [SQLValue] = [
                .int(7), .int(-8), .int(.max), .int(.min), .int(1), .int(0), .null, .int(.max), .text("é"), .bytes([]),
                .bytes([0, 255]),
            ]
            #expect(row?.values == expected)
            for statement: Statement in [
                "SELECT 1.5", "SELECT 9223372036854775808", "SELECT now()", "SELECT 1.5::float8", "SELECT '{}'::jsonb",
                "SELECT 'NaN'::numeric",
            ] {
                #expect(await code { try await database.read { try $0.rows(statement) } } == .columnType)
            }
            #expect(try await database.number() == 1)
        }
    }
}
