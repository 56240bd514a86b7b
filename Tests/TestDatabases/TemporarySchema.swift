import Glibc
import Logging
package import PostgresDriver
import SQLDatabase

/// A schema of the PostgreSQL under test that only this test uses.
package struct TemporarySchema: Sendable {
    /// Thrown where no PostgreSQL is at hand: such a test fails, it is never skipped.
    package struct Missing: Error, CustomStringConvertible {
        package let description = """
            CLAVIGER_TEST_POSTGRES is not set. Run the tests beside a throw-away PostgreSQL: \
            Scripts/with-postgres swift test --disable-xctest --skip SystemTests
            """
    }

    private let base: String
    private let name: String

    package init() async throws {
        guard let variable = getenv("CLAVIGER_TEST_POSTGRES") else { throw Missing() }
        base = String(cString: variable)
        name = "test_" + String(UInt64.random(in: 0 ... .max), radix: 36)
        let (url, statement) = (base, "CREATE SCHEMA \(name)")
        try await Self.run(statement, at: url)
    }

    /// Opens the schema as a database of its own.
    package func open(connections: Int = 3) async throws -> PostgresDatabase {
        try await Self.open(base + "?options=-csearch_path%3D\(name)", connections: connections)
    }

    package func remove() async throws {
        try await Self.run("DROP SCHEMA \(name) CASCADE", at: base)
    }

    private static func run(_ statement: String, at url: String) async throws {
        let database = try await open(url, connections: 1)
        try await database.write { try $0.executeSchema(statement) }
        await database.close()
    }

    private static func open(_ url: String, connections: Int) async throws -> PostgresDatabase {
        var configuration = try PostgresConfiguration(url: url, password: nil)
        configuration.connections = connections
        configuration.waitLimit = .seconds(60)
        configuration.statementLimit = .seconds(30)
        configuration.idleTransactionLimit = .seconds(30)
        let database = PostgresDatabase(configuration, logger: Logger(label: "test"))
        try await database.start()
        return database
    }
}
