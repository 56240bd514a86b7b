import SQLDatabase
import SQLiteDriver
import TestDatabases
import Testing

/// One engine that the conformance suite runs on; a further engine is one more line in ``all``.
struct Engine: Sendable, CustomTestStringConvertible {
    typealias Opened = (database: any Database, remove: @Sendable () async throws -> Void)

    let name: String
    /// Opens an empty database and says how it is thrown away afterwards.
    let open: @Sendable () async throws -> Opened

    var testDescription: String { name }

    static let all = [onDisk, inMemory, postgres]

    static let onDisk = Engine(name: "SQLite on disk") {
        let directory = try TemporaryDirectory()
        return (try SQLiteDatabase(.file(directory.path + "/claviger.db")), { directory.remove() })
    }

    static let inMemory = Engine(name: "SQLite in memory") { (try SQLiteDatabase(.memory), {}) }

    static let postgres = Engine(name: "PostgreSQL") {
        let schema = try await TemporarySchema()
        return (try await schema.open(), { try await schema.remove() })
    }

    /// Runs a test on an empty database of this engine.
    func withDatabase<T>(_ body: (any Database) async throws -> T) async throws -> T {
        let (database, remove) = try await open()
        do {
            let result = try await body(database)
            await database.close()
            try await remove()
            return result
        } catch {
            await database.close()
            try await remove()
            throw error
        }
    }
}
