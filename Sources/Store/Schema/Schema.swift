package import SQLDatabase

/// The schema of a Claviger database: all migrations, oldest first.
package enum Schema {
    package static let migrations: [Migration] = [foundation, nodes, access]

    /// Brings a database up to date; `now` is the time to record, in microseconds since 1970 UTC.
    @discardableResult
    package static func migrate(_ database: any Database, now: Int64) async throws -> [String] {
        try await MigrationRunner(migrations).run(on: database, now: now)
    }

    /// What was applied to a database and what is missing.
    package static func status(of database: any Database) async throws -> MigrationStatus {
        try await MigrationRunner(migrations).status(of: database)
    }

    /// People, agents with their credentials and rotations, audit, settings, sealed values, and the change log.
    private static let foundation = Migration(
        "0001_foundation",
        (FoundationTables.sealing + FoundationTables.people + FoundationTables.agents + FoundationTables.rotation
            + FoundationTables.records + FoundationTables.nodes).map { .both($0) }
            + [AppendOnlyTriggers.function] + AppendOnlyTriggers.steps(table: "audit_event")
            + [ChangeLogTriggers.function] + FoundationTables.cachedTables.flatMap(ChangeLogTriggers.steps)
    )

    /// Nodes, and on which of them each agent's channel is.
    private static let nodes = Migration("0002_nodes", NodeTables.steps)

    /// Roles, policies, plans, service accounts, tokens with their use and limits, protected APIs.
    private static let access = Migration("0003_access", AccessTables.steps + TokenTables.steps)
}
