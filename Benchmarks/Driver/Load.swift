import SQLDatabase

/// The load that is put on a database.
struct Load: Sendable {
    private static let rows: Int64 = 100_000
    private static let lookUp: Statement = "SELECT id, hash, state FROM item WHERE hash = ?"
    private static let write: Statement = "UPDATE item SET state = ?, version = version + 1 WHERE id = ?"

    let database: any Database

    func fill() async throws {
        let table = """
            CREATE TABLE item (id {text} NOT NULL PRIMARY KEY, hash {bytes} NOT NULL UNIQUE, state {text} NOT NULL,
                version {int} NOT NULL) {strict}
            """
        try await database.write { tx in
            try tx.executeSchema(SchemaWords.replace(in: table, for: tx.dialect))
            for number in 0..<Self.rows {
                try tx.execute(
                    "INSERT INTO item (id, hash, state, version) VALUES (?, ?, 'live', 1)",
                    [.text(Self.id(number)), .bytes(Self.hash(number))]
                )
            }
        }
    }

    /// Look-ups by a unique hash, a transaction each, by so many tasks at once; answers how many a second.
    func lookUps(_ count: Int, at tasks: Int) async throws -> Double {
        try await rate(count, at: tasks) { number in
            let hash = Self.hash(Int64(number) * 7919 % Self.rows)
            let row = try await database.read { try $0.first(Self.lookUp, [.bytes(hash)]) }
            guard row != nil else { throw DatabaseError(.unexpectedRows, "A row is missing.") }
        }
    }

    /// The same look-ups in one transaction, one after the other; answers how many a second.
    func lookUpsTogether(_ count: Int) async throws -> Double {
        let start = ContinuousClock.now
        try await database.read { tx in
            for number in 0..<count {
                let row = try tx.first(Self.lookUp, [.bytes(Self.hash(Int64(number) * 7919 % Self.rows))])
                guard row != nil else { throw DatabaseError(.unexpectedRows, "A row is missing.") }
            }
        }
        return Self.rate(count, since: start)
    }

    /// Updates of one row, a durable transaction each, by so many tasks at once; answers how many a second.
    func writes(_ count: Int, at tasks: Int) async throws -> Double {
        try await rate(count, at: tasks) { number in
            let id = Self.id(Int64(number) * 7919 % Self.rows)
            let changed = try await database.write { try $0.execute(Self.write, [.text("paused"), .text(id)]) }
            guard changed == 1 else { throw DatabaseError(.unexpectedRows, "A row is missing.") }
        }
    }

    private func rate(
        _ count: Int,
        at tasks: Int,
        _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws -> Double {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask { for number in 0..<count / tasks { try await work(number * tasks + task) } }
            }
            try await group.waitForAll()
        }
        return Self.rate(count, since: start)
    }

    private static func rate(_ count: Int, since start: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Double(count) / (Double(seconds) + Double(attoseconds) / 1e18)
    }

    private static func id(_ number: Int64) -> String { "agt_\(number)" }

    private static func hash(_ number: Int64) -> [UInt8] {
        // Spread as a real hash is, so that the index's pages are not visited in order.
        var mixed = UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15
        return (0..<32).map { _ in
            mixed = (mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9
            return UInt8(truncatingIfNeeded: mixed >> 32)
        }
    }
}
