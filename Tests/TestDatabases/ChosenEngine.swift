import Glibc
package import SQLDatabase

/// The engine that a whole run of the tests is held on: the embedded one, or PostgreSQL if `CLAVIGER_TEST_ENGINE` is
/// `postgres` (DST-1).
package enum ChosenEngine {
    package static var isPostgres: Bool {
        getenv("CLAVIGER_TEST_ENGINE").map { String(cString: $0) } == "postgres"
    }

    /// Runs a test on an empty database of the chosen engine; `embedded` makes it if that is the embedded one.
    package static func withDatabase<T>(
        embedded: () throws -> any Database,
        _ body: (any Database) async throws -> T
    ) async throws -> T {
        let schema = isPostgres ? try await TemporarySchema() : nil
        let database: any Database = if let schema { try await schema.open() } else { try embedded() }
        do {
            let result = try await body(database)
            await database.close()
            try await schema?.remove()
            return result
        } catch {
            await database.close()
            try await schema?.remove()
            throw error
        }
    }
}
