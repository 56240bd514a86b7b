/// Brings a database's schema up to date: forward only, each migration in one transaction of its own.
///
/// Nodes and processes that start at once are safe: what is pending is read inside the transaction that applies it, and
/// on PostgreSQL, where several transactions write at once, the first thing in it is to wait for a lock. A
/// database with a migration that this program does not know is refused (``DatabaseError/Code/tooNew``) before
/// anything is written.
package struct MigrationRunner: Sendable {
    private let migrations: [Migration]

    /// Takes all migrations there are, oldest first.
    package init(_ migrations: [Migration]) {
        self.migrations = migrations
    }

    /// The names of all migrations there are, oldest first.
    package var names: [String] { migrations.map(\.name) }

    /// Applies what is missing and returns the names of what it applied; `now` is the time to record, in microseconds
    /// since 1970 UTC.
    @discardableResult
    package func run(on database: any Database, now: Int64) async throws -> [String] {
        try checkNames()
        var applied: [String] = []
        while let name = try await database.write({ tx in try applyNext(in: tx, now: now) }) {
            applied.append(name)
        }
        return applied
    }

    private func applyNext(in tx: borrowing Transaction, now: Int64) throws -> String? {
        // As a statement of the schema it may wait as long as another node migrates.
        if tx.dialect == .postgres { try tx.executeSchema(Self.lockInPostgres) }
        let recorded = try recordedMigrations(in: tx)
        try check(recorded)
        guard recorded.count < migrations.count else { return nil }
        if recorded.isEmpty {
            try tx.executeSchema(SchemaWords.replace(in: Self.createTable, for: tx.dialect))
        }
        let migration = migrations[recorded.count]
        for statement in migration.statements(for: tx.dialect) {
            try tx.executeSchema(statement)
        }
        try tx.execute(Self.record, [.text(migration.name), .text(migration.checksum), .int(now)])
        return migration.name
    }

    func recordedMigrations(in tx: borrowing Transaction) throws -> [(name: String, checksum: String)] {
        let tables = tx.dialect == .sqlite ? Self.tableInSQLite : Self.tableInPostgres
        guard try tx.first(tables) != nil else { return [] }
        return try tx.rows(Self.list) { (try $0.text(0), try $0.text(1)) }
    }

    /// What is recorded must be the beginning of what is known.
    func check(_ recorded: [(name: String, checksum: String)]) throws(DatabaseError) {
        for (index, entry) in recorded.enumerated() {
            guard Migration.isWellFormed(entry.name) else {
                throw DatabaseError(.migrationMismatch, "The database records a migration whose name is none.")
            }
            guard index < migrations.count else {
                throw DatabaseError(
                    .tooNew,
                    "The database has migration \(entry.name), which this version does not know."
                )
            }
            let known = migrations[index]
            guard entry.name == known.name else {
                if let newest = migrations.last, entry.name > newest.name {
                    throw DatabaseError(
                        .tooNew,
                        "The database has migration \(entry.name), which this version does not know."
                    )
                }
                throw DatabaseError(
                    .migrationMismatch,
                    "The database has migration \(entry.name) in the place of \(known.name)."
                )
            }
            guard entry.checksum == known.checksum else {
                throw DatabaseError(
                    .migrationMismatch,
                    "Migration \(known.name) was applied in another form than this version's."
                )
            }
        }
    }

    private func checkNames() throws(DatabaseError) {
        var previous = ""
        for migration in migrations {
            guard Migration.isWellFormed(migration.name), migration.name > previous else {
                throw DatabaseError(.migrationMismatch, "Migration \(migration.name) is misnamed or out of order.")
            }
            previous = migration.name
        }
    }
}

extension MigrationRunner {
    /// The table of applied migrations, which comes before all of them.
    package static let createTable = """
        CREATE TABLE schema_migration (
            name {text} NOT NULL PRIMARY KEY,
            checksum {text} NOT NULL,
            applied_at {int} NOT NULL
        ) {strict}
        """

    package static let record: Statement = "INSERT INTO schema_migration (name, checksum, applied_at) VALUES (?, ?, ?)"
    package static let list: Statement = "SELECT name, checksum FROM schema_migration ORDER BY name"

    /// Held until the transaction ends, by one node at a time for each schema; the first number is this program's.
    private static let lockInPostgres = "SELECT pg_advisory_xact_lock(1129070965, hashtext(current_schema()))"

    private static let tableInSQLite: Statement =
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
    private static let tableInPostgres: Statement =
        "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration'"
}
