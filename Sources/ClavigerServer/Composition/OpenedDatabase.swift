import HTTPKernel
package import Logging
import PostgresDriver
package import SQLDatabase
import SQLiteDriver
import Store

/// The database that the settings name, opened with the driver of its engine: the only place that names one.
package struct OpenedDatabase: Sendable {
    package let database: any Database

    /// What messages call it: a path, or host, port and name; never a password.
    package let name: String

    /// What the pool of connections is doing; nil for an engine without one.
    let pool: (@Sendable () -> DatabaseReading.Pool)?

    /// Opens the database; what is wrong with it is a sentence for the person who starts the server.
    ///
    /// A command that is over in a moment takes few connections, whatever the setting says, and waits for no server.
    package static func open(
        _ configuration: ServerConfiguration,
        isBrief: Bool = false,
        logger: Logger
    ) async throws -> OpenedDatabase {
        switch configuration.database {
        case .sqlite(let path):
            let database = try explaining(path) { try SQLiteDatabase(.file(path)) }
            return OpenedDatabase(database: database, name: path, pool: nil)
        case .postgres(let url):
            let password = try configuration.databasePasswordFile.map(Self.password)
            var settings = try explaining(url.shown) {
                try PostgresConfiguration(url: url.revealed(), password: password)
            }
            settings.connections = min(configuration.databaseConnections, isBrief ? 2 : .max)
            let database = PostgresDatabase(settings, logger: logger)
            let opened = OpenedDatabase(database: database, name: settings.displayName) {
                DatabaseReading.Pool(database.load)
            }
            let limit = isBrief ? .zero : configuration.seconds(ServerSetting.databaseWaitSeconds)
            try await opened.use { try await start(database, waiting: limit, logger) }
            return opened
        }
    }

    /// Connects for the first time; a server that is not there yet, as when both are started together, is waited for.
    private static func start(_ database: PostgresDatabase, waiting limit: Duration, _ logger: Logger) async throws {
        let end = ContinuousClock.now + limit
        while true {
            do {
                return try await database.start()
            } catch let error as DatabaseError where PostgresDatabase.mayPass(error) && ContinuousClock.now < end {
                let left = (end - ContinuousClock.now).components.seconds
                logger.warning(
                    "waiting for the database",
                    metadata: ["error": "\(error.message)", "seconds": "\(left)"]
                )
                try await Task.sleep(for: min(.seconds(1), end - ContinuousClock.now))
            }
        }
    }

    /// Brings the schema up to date; answers the names of what it applied.
    @discardableResult
    package func migrate(now: Int64) async throws -> [String] {
        try await use { try await Schema.migrate(database, now: now) }
    }

    /// Refuses a database whose schema isn't that of this program; writes nothing.
    func requireSchema() async throws {
        try await use {
            let pending = try await Schema.status(of: database).pending
            guard pending.isEmpty else {
                let remedy = "`claviger migrate up`, or a start of the server, applies them"
                throw HostError(.database, "database \(name): \(pending.count) migrations are pending; \(remedy).")
            }
        }
    }

    /// Runs a step of the start; if it fails the database is closed and the sentence names it.
    package func use<T: Sendable>(_ step: () async throws -> T) async throws -> T {
        do {
            return try await step()
        } catch {
            await database.close()
            throw refusal(error as? DatabaseError) ?? error
        }
    }

    /// The sentence for what the database refused.
    func refusal(_ error: DatabaseError?) -> HostError? {
        error.map { HostError(.database, "database \(name): \($0.message)") }
    }

    private static func explaining<T>(_ name: String, _ step: () throws -> T) throws -> T {
        do {
            return try step()
        } catch let error as DatabaseError {
            throw HostError(.database, "database \(name): \(error.message)")
        }
    }

    /// The first line of the password's file.
    private static func password(in path: String) throws(HostError) -> String {
        let line = try PrivateFile.readSecret(path, of: ServerSetting.databasePasswordFile.key)
            .prefix { $0 != "\n" && $0 != "\r\n" }
        guard !line.isEmpty else { throw HostError(.file, "database_password_file \(path): its first line is empty.") }
        return String(line)
    }
}

extension DatabaseReading.Pool {
    fileprivate init(_ load: PostgresLoad) {
        self.init(
            open: load.connections.open,
            busy: load.connections.busy,
            wanted: load.connections.wanted,
            waiting: load.waiting
        )
    }
}
