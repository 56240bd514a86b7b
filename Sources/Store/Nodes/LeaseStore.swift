package import Domain
package import SQLDatabase

/// Leases: work that exactly one node does at a time, such as the scheduler's (ROT-9).
package enum LeaseStore {
    /// Takes or renews a lease; answers whether the holder has it now.
    package static func acquire(
        _ name: String,
        holder: String,
        now: Instant,
        until: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(
            acquire,
            [.text(name), .text(holder), .instant(until), .int(1), .text(holder), .instant(now)]
        ) != nil
    }

    /// Gives a lease back, if the holder has it.
    package static func release(_ name: String, holder: String, in tx: borrowing Transaction) throws {
        try tx.execute(release, [.text(name), .text(holder)])
    }

    private static let acquire: Statement = """
        INSERT INTO lease (name, holder, expires_at, version) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
            version = lease.version + 1
        WHERE lease.holder = ? OR lease.expires_at <= ? RETURNING holder
        """
    private static let release: Statement = "DELETE FROM lease WHERE name = ? AND holder = ?"

    static let statements = [acquire, release]
}
