import Glibc
import Logging
import PostgresDriver
import SQLDatabase
import Synchronization
import TestDatabases
import Testing

@Suite("DST-1: many transactions at once on PostgreSQL")
struct CrowdTests {
    @Test("200 transactions on 2 connections all get their turn, each alone where they meet")
    func twoHundred() async throws {
        let server = try TestServer()
        try await withTable(server) { database, table in
            try await database.write { try $0.execute(Statement("INSERT INTO \(table) VALUES (1, 0)")) }
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await database.write { try $0.execute(Statement("UPDATE \(table) SET v = v + 1")) }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(done == 200)
            #expect(try await database.number(Statement("SELECT v FROM \(table)")) == 200)
            try await eventually("all connections rest") {
                database.load.connections.busy == 0 && database.load.connections.open == 2
            }
            #expect(database.load.waiting == 0)
        }
    }

    @Test("two writers that wait for each other are both done in the end")
    func deadlock() async throws {
        let server = try TestServer()
        try await withTable(server) { database, table in
            try await database.write { try $0.execute(Statement("INSERT INTO \(table) VALUES (1, 0), (2, 0)")) }
            let runs = Order()
            let barrier = Barrier(2)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [[1, 2], [2, 1]] {
                    group.addTask {
                        try await database.write { tx in
                            runs.append(order[0])
                            let update = Statement("UPDATE \(table) SET v = v + 1 WHERE n = ?")
                            try tx.execute(update, [.int(order[0])])
                            barrier.arrive()
                            try tx.execute(update, [.int(order[1])])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(runs.numbers.count >= 3)
            #expect(try await database.number(Statement("SELECT SUM(v) FROM \(table)")) == 4)
        }
    }

    @Test("an urgent write goes before all that wait")
    func urgent() async throws {
        let server = try TestServer()
        try await server.withDatabase(connections: 1) { database in
            let gate = Gate()
            let order = Order()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await database.write { _ in gate.wait() } }
                await gate.reached()
                for number in 1...3 {
                    group.addTask { try await database.write { _ in order.append(number) } }
                    try await eventually("it waits") { database.load.waiting == number }
                }
                group.addTask { try await database.writeUrgently { _ in order.append(9) } }
                try await eventually("it waits") { database.load.waiting == 4 }
                gate.open()
                try await group.waitForAll()
            }
            #expect(order.numbers == [9, 1, 2, 3])
        }
    }

    @Test("closing under load answers everybody, ends what has begun, and leaves no connection")
    func closing() async throws {
        let server = try TestServer()
        var configuration = try server.configuration()
        configuration.connections = 4
        let database = PostgresDatabase(configuration, logger: Logger(label: "test"))
        try await database.start()
        let codes = await withTaskGroup(of: DatabaseError.Code?.self) { group in
            for number in 0..<300 {
                group.addTask {
                    if number == 150 { await database.close() }
                    return await code { try await database.number("SELECT 1 FROM pg_sleep(0.002)") }
                }
            }
            return await group.reduce(into: Set<DatabaseError.Code?>()) { $0.insert($1) }
        }
        #expect(codes.isSubset(of: [nil, .closed]))
        #expect(codes.contains(nil))
        await database.close()
        #expect(await code { try await database.number() } == .closed)
        try await eventually("no connection is left") { try await server.connectionCount() == 0 }
    }

    @Test("OPS-5: four nodes that start together migrate once")
    func migrations() async throws {
        let server = try TestServer()
        let schema = server.application
        try await server.observe { try $0.executeSchema("CREATE SCHEMA \(schema)") }
        let migrations = (1...5).map { number in
            Migration("000\(number)_step", [.both("CREATE TABLE t\(number) (n {int} NOT NULL) {strict}")])
        }
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let url = server.url + "?options=-csearch_path%3D\(schema)"
                    var configuration = try PostgresConfiguration(url: url, password: nil)
                    configuration.connections = 2
                    // Waiting for another node's migration has no deadline.
                    configuration.statementLimit = .seconds(2)
                    let database = PostgresDatabase(configuration, logger: Logger(label: "test"))
                    try await database.start()
                    let names = try await MigrationRunner(migrations).run(on: database, now: 1)
                    await database.close()
                    return names
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == migrations.map(\.name))
        try await server.observe { try $0.executeSchema("DROP SCHEMA \(schema) CASCADE") }
    }

    private func withTable(
        _ server: TestServer,
        _ body: (PostgresDatabase, String) async throws -> Void
    ) async throws {
        try await server.withDatabase { database in
            let table = server.application
            try await database.write { try $0.executeSchema("CREATE TABLE \(table) (n BIGINT PRIMARY KEY, v BIGINT)") }
            try await body(database, table)
            try await database.write { try $0.executeSchema("DROP TABLE \(table)") }
        }
    }
}

/// Lets so many threads go on together, once; later ones pass.
private final class Barrier: Sendable {
    private let missing: Atomic<Int>

    init(_ count: Int) { missing = Atomic(count) }

    func arrive() {
        missing.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        while missing.load(ordering: .sequentiallyConsistent) > 0 { usleep(1_000) }
    }
}

/// Numbers in the order in which they came.
private final class Order: Sendable {
    private let state = Mutex<[Int]>([])

    var numbers: [Int] { state.withLock { $0 } }

    func append(_ number: Int) { state.withLock { $0.append(number) } }
}
