package import Domain
package import SQLDatabase

/// Leases: work that exactly one node does at a time, such as the scheduler's (ROT-9).
///
/// Each time a lease changes hands its number grows. What a holder writes is fenced by that number: the transaction
/// fails if another node has taken the lease since, and holds up a take-over until it has ended.
package enum LeaseStore {
    /// Takes or renews a lease; answers the number of the tenure, or `nil` if somebody else has it.
    package static func acquire(
        _ name: String,
        holder: String,
        now: Instant,
        until: Instant,
        in tx: borrowing Transaction
    ) throws -> Int64? {
        try tx.first(
            acquire,
            [
                .text(name), .text(holder), .instant(until), .int(1), .text(holder), .instant(now), .text(holder),
                .instant(now),
            ]
        ) { try $0.int(0) }
    }

    /// Whether the tenure still stands; asked in the transaction that it protects.
    package static func isHeld(
        _ name: String,
        holder: String,
        tenure: Int64,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(fence, [.text(name), .text(holder), .int(tenure)]) != nil
    }

    /// Gives a lease back, if the holder has it; the number stays, so that no tenure has the same one again.
    package static func release(
        _ name: String,
        holder: String,
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(release, [.instant(now), .text(name), .text(holder)])
    }

    /// Ends all leases, as the only server of a database may when it starts; the numbers stay.
    package static func forgetAll(in tx: borrowing Transaction) throws {
        try tx.execute(forgetAll)
    }

    private static let acquire: Statement = """
        INSERT INTO lease (name, holder, expires_at, version) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at,
            version = CASE WHEN lease.holder = ? AND lease.expires_at > ? THEN lease.version
                ELSE lease.version + 1 END
        WHERE lease.holder = ? OR lease.expires_at <= ? RETURNING version
        """
    /// Writing the row keeps it until the transaction ends.
    private static let fence: Statement = """
        UPDATE lease SET version = version WHERE name = ? AND holder = ? AND version = ? RETURNING version
        """
    private static let release: Statement = "UPDATE lease SET expires_at = ? WHERE name = ? AND holder = ?"

    private static let forgetAll: Statement = "UPDATE lease SET expires_at = 0"

    static let statements = [acquire, fence, release, forgetAll]
}
