package import SQLDatabase

/// Lets nodes that start on the same database at the same moment take turns (DST-2).
///
/// Nothing else is there to lock on an empty database: a transaction that looks whether the first keys or the first
/// organization exist, and makes them, would otherwise not see another one's.
package enum StartTurn {
    /// Waits until no other transaction has the turn; it ends with this one.
    package static func take(in tx: borrowing Transaction) throws {
        try tx.execute(turn)
    }

    private static let turn: Statement = """
        UPDATE schema_migration SET checksum = checksum
        WHERE name = (SELECT MIN(name) FROM schema_migration)
        """

    static let statements = [turn]
}
