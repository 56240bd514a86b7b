import Domain
package import SQLDatabase

/// How far the database's schema has come, as it is shown.
package struct MigrationOverview: Sendable, Hashable {
    package struct Applied: Sendable, Hashable {
        package let name: String
        /// RFC 3339.
        package let appliedAt: String
    }

    /// Oldest first.
    package let applied: [Applied]
    package let pending: [String]

    package init(_ status: MigrationStatus) {
        applied = status.applied.map {
            Applied(name: $0.name, appliedAt: Instant(microseconds: $0.appliedAt).rfc3339)
        }
        pending = status.pending
    }
}
