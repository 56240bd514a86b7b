import SQLDatabase
import SQLiteDriver
import TestDatabases
import Testing

@Suite("The writer's group commit")
struct GroupCommitTests {
    private struct Refusal: Error {}

    @Test("each of many transactions at once is done or undone by itself", arguments: Engine.all)
    func groupKeepsTransactionsApart(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await database.write { try $0.executeSchema("CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY)") }
            let succeeded = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        try? await database.write { tx in
                            try tx.execute("INSERT INTO t (n) VALUES (?)", [.int(number)])
                            if number % 3 == 0 { throw Refusal() }
                            if number % 5 == 0 { try tx.execute("INSERT INTO t (n) VALUES (?)", [.int(number)]) }
                            return number
                        }
                    }
                }
                var numbers: Set<Int> = []
                for await number in group { if let number { numbers.insert(number) } }
                return numbers
            }
            let stored = try await database.read { try $0.rows("SELECT n FROM t") { Int(try $0.int(0)) } }
            #expect(Set(stored) == succeeded)
            #expect(succeeded == Set((0..<500).filter { $0 % 3 != 0 && $0 % 5 != 0 }))
        }
    }

    @Test("whoever is answered is on the disk, as another process sees it")
    func answeredIsDurable() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.path + "/claviger.db"
        let database = try SQLiteDatabase(.file(path))
        let other = try SQLiteDatabase(.file(path))
        try await database.write { try $0.executeSchema("CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try await database.write { try $0.execute("INSERT INTO t (n) VALUES (?)", [.int(number)]) }
                    let seen = try await other.read { tx in
                        try tx.first("SELECT n FROM t WHERE n = ?", [.int(number)]) != nil
                    }
                    #expect(seen)
                }
            }
            try await group.waitForAll()
        }
        await database.close()
        await other.close()
    }

    @Test("a caller that is cancelled does not stop a transaction that has begun", arguments: Engine.all)
    func cancelledCallerStopsNothing(engine: Engine) async throws {
        try await engine.withDatabase { database in
            try await database.write { try $0.executeSchema("CREATE TABLE t (n INTEGER NOT NULL PRIMARY KEY)") }
            let (begun, signal) = AsyncStream.makeStream(of: Void.self)
            let result = await withTaskGroup(of: Int?.self) { group in
                group.addTask {
                    try? await database.write { tx in
                        signal.yield()
                        for number in 0..<2_000 { try tx.execute("INSERT INTO t (n) VALUES (?)", [.int(number)]) }
                        return 2_000
                    }
                }
                for await _ in begun { break }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(result == 2_000)
            let count = try await database.read { try $0.first("SELECT COUNT(*) FROM t")?.int(0) }
            #expect(count == 2_000)
        }
    }

    @Test("a full queue refuses at once, and a transaction that waits too long is told so")
    func queueIsBounded() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var configuration = SQLiteConfiguration()
        configuration.queueLimit = 2
        configuration.waitLimit = .milliseconds(100)
        let database = try SQLiteDatabase(.file(directory.path + "/claviger.db"), configuration: configuration)
        let gate = Gate()
        async let blocker: Void = database.write { _ in gate.wait() }
        await gate.reached()
        let codes = await withTaskGroup(of: DatabaseError.Code?.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    do {
                        try await database.write { _ in }
                        return nil
                    } catch {
                        return (error as? DatabaseError)?.code
                    }
                }
            }
            var codes: [DatabaseError.Code?] = []
            for await code in group { codes.append(code) }
            return codes
        }
        gate.open()
        try await blocker
        #expect(codes.filter { $0 == .overloaded }.count == 1)
        #expect(codes.filter { $0 == .timeout }.count == 2)
        try await database.write { _ in }
        await database.close()
        await #expect(throws: DatabaseError(.closed, "")) { try await database.write { _ in } }
    }

    @Test("a read that runs too long is broken off, and its connection goes on")
    func readIsBrokenOff() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var configuration = SQLiteConfiguration()
        configuration.readers = 1
        configuration.readLimit = .milliseconds(200)
        let database = try SQLiteDatabase(.file(directory.path + "/claviger.db"), configuration: configuration)
        let endless: Statement =
            "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT COUNT(*) FROM c"
        for _ in 0..<2 {
            await #expect(throws: DatabaseError(.timeout, "")) { try await database.read { try $0.rows(endless) } }
            #expect(try await database.read { try $0.first("SELECT 1")?.int(0) } == 1)
        }
        await database.close()
    }

    @Test("another process that holds the file is waited for, then the answer is busy")
    func otherProcessIsBusy() async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let path = directory.path + "/claviger.db"
        var configuration = SQLiteConfiguration()
        configuration.busyMilliseconds = 50
        let database = try SQLiteDatabase(.file(path), configuration: configuration)
        let other = try SQLiteDatabase(.file(path))
        let gate = Gate()
        async let blocker: Void = other.write { _ in gate.wait() }
        await gate.reached()
        await #expect(throws: DatabaseError(.busy, "")) { try await database.write { _ in } }
        gate.open()
        try await blocker
        try await database.write { _ in }
        await database.close()
        await other.close()
    }
}
