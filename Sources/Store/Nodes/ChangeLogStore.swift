package import SQLDatabase

/// One entry of the change log: what kind of object changed, and which.
package struct Change: Hashable, Sendable {
    package let sequence: Int64
    /// `identity`, `agent`, `credential`, `rotation`, `membership`, `user`, `session`, `setting`, `data_key`, `pepper`.
    package let kind: String
    /// The object's id; of a credential its identity's, of a rotation its agent's, of a membership its user's.
    package let id: String
}

/// The change log, which the schema's triggers append to; nobody else writes it.
package enum ChangeLogStore {
    /// The entry that was written last, or 0.
    package static func lastSequence(in tx: borrowing Transaction) throws -> Int64 {
        try tx.first(last) { try $0.int(0) } ?? 0
    }

    /// What was written behind an entry, in order.
    ///
    /// With one writer at a time, as on SQLite, nothing can be missed.
    package static func changes(
        after sequence: Int64,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> [Change] {
        try tx.rows(changes, [.int(sequence), .int(limit)]) { row in
            Change(sequence: try row.int(0), kind: try row.text(1), id: try row.text(2))
        }
    }

    /// Forgets everything up to and with an entry.
    @discardableResult
    package static func trim(upTo sequence: Int64, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(trim, [.int(sequence)])
    }

    private static let last: Statement = "SELECT COALESCE(MAX(seq), 0) FROM change_log"
    private static let changes: Statement = "SELECT seq, kind, id FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?"
    private static let trim: Statement = "DELETE FROM change_log WHERE seq <= ?"

    static let statements = [last, changes, trim]
}
