/// How far a database's schema has come.
package struct MigrationStatus: Sendable, Hashable {
    /// A migration that was applied.
    package struct Applied: Sendable, Hashable {
        package let name: String
        /// Microseconds since 1970 UTC.
        package let appliedAt: Int64

        package init(name: String, appliedAt: Int64) {
            self.name = name
            self.appliedAt = appliedAt
        }
    }

    /// Oldest first.
    package let applied: [Applied]
    /// What this program would apply, in order.
    package let pending: [String]

    package init(applied: [Applied], pending: [String]) {
        self.applied = applied
        self.pending = pending
    }
}

extension MigrationRunner {
    /// What was applied and what is missing; nothing is written, also on an empty database.
    ///
    /// A database that ``run(on:now:)`` would refuse is refused.
    package func status(of database: any Database) async throws -> MigrationStatus {
        try await database.read { tx in
            let recorded = try recordedMigrations(in: tx)
            try check(recorded)
            let times = recorded.isEmpty ? [] : try tx.rows(Self.times) { try $0.int(0) }
            let applied = zip(recorded, times).map { MigrationStatus.Applied(name: $0.name, appliedAt: $1) }
            return MigrationStatus(applied: applied, pending: names.dropFirst(recorded.count).map(\.self))
        }
    }

    package static let times: Statement = "SELECT applied_at FROM schema_migration ORDER BY name"
}
