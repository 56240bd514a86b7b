import Domain
import Glibc
import SQLDatabase
import Store

extension HostCommands {
    /// What was applied to the database's schema and what is missing; writes nothing.
    ///
    /// It needs neither a running server nor the master key.
    package static func migrationStatus(_ configuration: ServerConfiguration) async throws -> MigrationOverview {
        if case .sqlite(let path) = configuration.database, access(path, F_OK) != 0, errno == ENOENT {
            return MigrationOverview(MigrationStatus(applied: [], pending: Schema.migrations.map(\.name)))
        }
        let opened = try await OpenedDatabase.open(configuration, isBrief: true, logger: quietLogger(configuration))
        let status = try await opened.use { try await Schema.status(of: opened.database) }
        await opened.database.close()
        return MigrationOverview(status)
    }

    /// Applies what is missing; answers the names, none if the database was up to date.
    ///
    /// Of several that run at once each migration is applied by one.
    package static func migrate(
        _ configuration: ServerConfiguration,
        environment: [String: String]
    ) async throws -> [String] {
        if case .sqlite = configuration.database {
            _ = try DataDirectory(making: configuration.dataDirectory)
            try prepareFiles(configuration.database)
        }
        let opened = try await OpenedDatabase.open(configuration, isBrief: true, logger: quietLogger(configuration))
        let clock = SystemClock.make(environment: environment)
        try await opened.use { try await clock.measure(opened.database) }
        let applied = try await opened.migrate(now: clock.now().microseconds)
        await opened.database.close()
        return applied
    }
}
