package import Domain
package import SQLDatabase

/// One entry of the change log: what kind of object changed, and which.
package struct Change: Hashable, Sendable {
    package let sequence: Int64
    /// `identity`, `agent`, `credential`, `rotation`, `channel`, `membership`, `user`, `session`, `setting`,
    /// `data_key`, `pepper`.
    package let kind: String
    /// The object's id; of a credential its identity's, of a rotation and a channel its agent's, of a membership its
    /// user's.
    package let id: String

    package init(sequence: Int64, kind: String, id: String) {
        self.sequence = sequence
        self.kind = kind
        self.id = id
    }
}

/// How far a follower has read the change log.
package struct ChangeWindow: Hashable, Sendable {
    /// Everything before is read: a sequence on SQLite; on PostgreSQL the oldest transaction that had not ended.
    package let low: Int64
    /// What could be seen at the last poll, in PostgreSQL's own form; nothing on SQLite.
    let snapshot: String?
}

/// What one poll found.
package struct ChangePoll: Sendable {
    package let window: ChangeWindow
    /// In the order they were numbered, which is not the order they were committed in.
    package let changes: [Change]
    /// Whether these are all there were; a poll that took as many as it might left the rest for the next.
    package let isComplete: Bool
    /// The database's clock, where it has one of its own.
    package let databaseTime: Instant?
}

/// The change log, which the schema's triggers append to; nobody else writes it.
package enum ChangeLogStore {
    /// Reads what was committed since the last poll; the first poll only finds out where that begins.
    ///
    /// SQLite has one writer at a time, so that what comes later has a greater sequence; at most `limit` entries are
    /// read. PostgreSQL's transactions commit in another order than they took their numbers: a poll reads every entry
    /// that this transaction sees and the snapshot of the last poll did not. So nothing is skipped, no writer waits for
    /// anybody, and a transaction that stays open delays nobody.
    package static func poll(
        _ window: ChangeWindow?,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> ChangePoll {
        switch tx.dialect {
        case .sqlite: try pollBySequence(window, limit: limit, in: tx)
        case .postgres: try pollBySnapshot(window, in: tx)
        }
    }

    private static func pollBySequence(
        _ window: ChangeWindow?,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> ChangePoll {
        guard let window else {
            let start = ChangeWindow(low: try lastSequence(in: tx), snapshot: nil)
            return ChangePoll(window: start, changes: [], isComplete: true, databaseTime: nil)
        }
        let changes = try changes(after: window.low, limit: limit, in: tx)
        let next = ChangeWindow(low: changes.last?.sequence ?? window.low, snapshot: nil)
        return ChangePoll(window: next, changes: changes, isComplete: changes.count < limit, databaseTime: nil)
    }

    private static func pollBySnapshot(_ window: ChangeWindow?, in tx: borrowing Transaction) throws -> ChangePoll {
        let rows: [(snapshot: String, low: Int64, time: Int64, change: Change?)]
        if let window, let snapshot = window.snapshot {
            rows = try tx.rows(ChangeStatements.since, [.int(window.low), .text(snapshot)], Self.pollRow)
        } else {
            rows = try tx.rows(ChangeStatements.begin, [], Self.pollRow)
        }
        guard let first = rows.first else {
            throw DatabaseError(.unexpectedRows, "A poll of the change log answered nothing.")
        }
        return ChangePoll(
            window: ChangeWindow(low: first.low, snapshot: first.snapshot),
            changes: rows.compactMap(\.change),
            isComplete: true,
            databaseTime: Instant(microseconds: first.time)
        )
    }

    private static func pollRow(
        _ row: Row
    ) throws -> (snapshot: String, low: Int64, time: Int64, change: Change?) {
        let change = try row.optionalInt(3).map { sequence in
            Change(sequence: sequence, kind: try row.text(4), id: try row.text(5))
        }
        return (try row.text(0), try row.int(1), try row.int(2), change)
    }

    /// The database's clock; `nil` on SQLite, which goes by this machine's.
    package static func databaseTime(in tx: borrowing Transaction) throws -> Instant? {
        guard tx.dialect == .postgres else { return nil }
        return try tx.first(ChangeStatements.time) { Instant(microseconds: try $0.int(0)) }
    }

    /// The entry that was written last, or 0.
    package static func lastSequence(in tx: borrowing Transaction) throws -> Int64 {
        try tx.first(last) { try $0.int(0) } ?? 0
    }

    /// What was written behind an entry, in order; complete only where there is one writer at a time.
    package static func changes(
        after sequence: Int64,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> [Change] {
        try tx.rows(changes, [.int(sequence), .int(limit)], change)
    }

    /// Where a transaction that may change something begins in the log.
    package static func mark(in tx: borrowing Transaction) throws -> Int64 {
        switch tx.dialect {
        case .sqlite: try lastSequence(in: tx)
        case .postgres: 0
        }
    }

    /// What this transaction itself has appended since its ``mark(in:)``.
    package static func own(since mark: Int64, in tx: borrowing Transaction) throws -> [Change] {
        switch tx.dialect {
        case .sqlite: try changes(after: mark, limit: .max, in: tx)
        case .postgres: try tx.rows(ChangeStatements.own, [], change)
        }
    }

    private static func change(_ row: Row) throws -> Change {
        Change(sequence: try row.int(0), kind: try row.text(1), id: try row.text(2))
    }

    /// Forgets what every follower has read whose window begins at `low` or later.
    @discardableResult
    package static func trim(before low: Int64, in tx: borrowing Transaction) throws -> Int {
        switch tx.dialect {
        case .sqlite: try tx.execute(trim, [.int(low)])
        case .postgres: try tx.execute(ChangeStatements.trim, [.int(low)])
        }
    }

    /// Empties the log of a database that was restored from another cluster, whose transactions had other numbers.
    ///
    /// Entries of transactions that this cluster has yet to begin can only be such.
    @discardableResult
    package static func forgetForeign(in tx: borrowing Transaction) throws -> Int {
        guard tx.dialect == .postgres, try tx.first(ChangeStatements.foreign) != nil else { return 0 }
        return try tx.execute(ChangeStatements.empty)
    }

    private static let last: Statement = "SELECT COALESCE(MAX(seq), 0) FROM change_log"
    private static let changes: Statement = "SELECT seq, kind, id FROM change_log WHERE seq > ? ORDER BY seq LIMIT ?"
    private static let trim: Statement = "DELETE FROM change_log WHERE seq <= ?"

    static let statements = [last, changes, trim]
}
