import Glibc
import Logging
import PostgresDriver
import SQLDatabase
import Testing

/// The PostgreSQL under test, and one test's own mark on its connections.
struct TestServer: Sendable {
    /// Thrown where no PostgreSQL is at hand: such a test fails, it is never skipped.
    struct Missing: Error, CustomStringConvertible {
        let description = """
            CLAVIGER_TEST_POSTGRES is not set. Run the tests beside a throw-away PostgreSQL: \
            Scripts/with-postgres swift test --disable-xctest --filter PostgresDriverTests
            """
    }

    /// What the server knows the connections of this test by.
    let application: String
    /// Of the form `postgres://claviger@127.0.0.1:PORT/postgres`.
    let url: String

    init() throws {
        guard let variable = getenv("CLAVIGER_TEST_POSTGRES") else { throw Missing() }
        url = String(cString: variable)
        application = "test_" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    func configuration(user: String? = nil, password: String? = nil) throws -> PostgresConfiguration {
        let place = user.map { url.replacing("claviger@", with: "\($0)@") } ?? url
        var configuration = try PostgresConfiguration(
            url: place + "?application_name=\(application)",
            password: password
        )
        configuration.connections = 2
        configuration.waitLimit = .seconds(30)
        return configuration
    }

    /// Runs a test on a database of its own connections and closes it.
    func withDatabase(
        connections: Int = 2,
        statementLimit: Duration = .seconds(20),
        idleLimit: Duration = .seconds(20),
        _ body: (PostgresDatabase) async throws -> Void
    ) async throws {
        var configuration = try configuration()
        configuration.connections = connections
        configuration.statementLimit = statementLimit
        configuration.idleTransactionLimit = idleLimit
        try await Self.withDatabase(configuration, body)
    }

    static func withDatabase(
        _ configuration: PostgresConfiguration,
        _ body: (PostgresDatabase) async throws -> Void
    ) async throws {
        let database = PostgresDatabase(configuration, logger: Logger(label: "test"))
        try await database.start()
        do {
            try await body(database)
            await database.close()
        } catch {
            await database.close()
            throw error
        }
    }

    /// Runs the body with one more connection, which looks at the server from outside.
    func observe<T: Sendable>(
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws -> T {
        var configuration = try PostgresConfiguration(url: url, password: nil)
        configuration.connections = 1
        let database = PostgresDatabase(configuration, logger: Logger(label: "observer"))
        try await database.start()
        do {
            let answer = try await database.write(body)
            await database.close()
            return answer
        } catch {
            await database.close()
            throw error
        }
    }

    /// The connections of this test that the server has.
    func connectionCount() async throws -> Int64 {
        let application = application
        return try await observe { tx in
            try tx.first(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = ?",
                [.text(application)]
            ) { try $0.int(0) } ?? 0
        }
    }

    /// Those that run a statement with these words at this moment.
    func runningCount(_ words: String) async throws -> Int64 {
        let values: [SQLValue] = [.text(application), .text("%\(words)%")]
        return try await observe { tx in
            try tx.first(
                """
                SELECT COUNT(*) FROM pg_stat_activity
                WHERE application_name = ? AND state = 'active' AND query LIKE ?
                """,
                values
            ) { try $0.int(0) } ?? 0
        }
    }

    /// Ends all connections of this test from the server's side.
    func terminateAll() async throws {
        let application = application
        _ = try await observe { tx in
            try tx.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?",
                [.text(application)]
            )
        }
    }
}

/// Returns when the condition holds, and fails after ten seconds.
func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("not within ten seconds: \(what)")
}

/// The database's error that the body throws.
func failure<T>(_ body: () async throws -> T) async -> DatabaseError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? DatabaseError
    }
}

/// The code of the database's error that the body throws.
func code<T>(_ body: () async throws -> T) async -> DatabaseError.Code? {
    await failure(body)?.code
}

extension PostgresDatabase {
    /// Asks the server something that has one number for an answer.
    @discardableResult
    func number(_ statement: Statement = "SELECT 1") async throws -> Int64 {
        try await read { try $0.first(statement)?.int(0) ?? 0 }
    }
}
