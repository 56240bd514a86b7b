package import Domain
package import SQLDatabase
import StrictJSON

/// What nodes share of a limit: one row for each subject, kind and cell (LIM-4).
package enum LimitCellStore {
    /// A row's name.
    package struct Key: Hashable, Comparable, Sendable {
        package let subject: CredentialID
        package let kind: LimitKind
        /// The first instant of the cell.
        package let start: Instant

        package init(subject: CredentialID, kind: LimitKind, start: Instant) {
            self.subject = subject
            self.kind = kind
            self.start = start
        }

        /// The order in which rows are taken, so that two nodes never wait for each other.
        package static func < (left: Key, right: Key) -> Bool {
            if left.subject != right.subject { return left.subject < right.subject }
            if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
            return left.start < right.start
        }
    }

    /// Takes a row for the rest of the transaction; a new one if there was none.
    package static func take(_ key: Key, endsAt: Instant, in tx: borrowing Transaction) throws -> ReservationRow {
        let lapse = lapse(of: key.kind)
        let values: [SQLValue] = [
            .id(key.subject), .word(key.kind), .instant(key.start), .int(0), .text("[]"), .instant(endsAt), .int(1),
        ]
        let text = try tx.first(take, values) { try $0.text(0) }
        return try ReservationRow(stored: text ?? "[]", lapse: lapse)
    }

    /// Writes a row that was taken.
    package static func put(_ row: ReservationRow, _ key: Key, in tx: borrowing Transaction) throws {
        try tx.execute(
            put,
            [.int(row.told), .text(row.stored), .id(key.subject), .word(key.kind), .instant(key.start)]
        )
    }

    /// Units that nodes told of in a cell.
    package static func used(_ key: Key, in tx: borrowing Transaction) throws -> Int {
        Int(try tx.first(used, [.id(key.subject), .word(key.kind), .instant(key.start)]) { try $0.int(0) } ?? 0)
    }

    /// What was told of a subject in cells that have not ended before this.
    package static func all(
        of subject: CredentialID,
        endingAfter time: Instant,
        in tx: borrowing Transaction
    ) throws -> [(kind: LimitKind, start: Instant, used: Int)] {
        try tx.rows(all, [.id(subject), .instant(time)]) { row in
            var reader = row.reader
            let kind = try reader.word(LimitKind.self)
            let start = try reader.instant()
            return (kind: kind, start: start, used: Int(try reader.int()))
        }
    }

    /// Forgets cells that ended before this.
    package static func forget(endedBefore time: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(forget, [.instant(time)])
    }

    /// A crash must not cost an organization its hour, day or month; in shorter cells nothing is admitted twice.
    private static func lapse(of kind: LimitKind) -> ReservationRow.Lapse {
        switch kind {
        case .burst, .minute: .keeps
        case .hour, .day, .month: .returns
        }
    }

    private static let take: Statement = """
        INSERT INTO limit_cell (subject, span, cell, used, reserved, ends_at, version) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (subject, span, cell) DO UPDATE SET version = limit_cell.version + 1 RETURNING reserved
        """
    private static let put: Statement =
        "UPDATE limit_cell SET used = ?, reserved = ? WHERE subject = ? AND span = ? AND cell = ?"
    private static let used: Statement = "SELECT used FROM limit_cell WHERE subject = ? AND span = ? AND cell = ?"
    private static let all: Statement = "SELECT span, cell, used FROM limit_cell WHERE subject = ? AND ends_at > ?"
    private static let forget: Statement = "DELETE FROM limit_cell WHERE ends_at < ?"

    static let statements = [take, put, used, all, forget]
}

extension ReservationRow {
    /// The shares as one text: an array for each node, and behind them the sum of those no longer listed.
    fileprivate var stored: String {
        var list = shares.map { share -> JSONValue in
            .array(
                [
                    share.node, Int64(share.sequence), Int64(share.used), Int64(share.held), share.seen.microseconds,
                    share.wanted.microseconds,
                ].map { .integer($0) }
            )
        }
        list.append(.integer(Int64(others)))
        return JSONValue.array(list).text
    }

    fileprivate init(stored text: String, lapse: Lapse) throws {
        let unreadable = DatabaseError(.columnType, "A column does not hold reservations.")
        guard let list = (try? JSONValue(parsing: text))?.arrayValue else { throw unreadable }
        let shares = try list.compactMap(\.arrayValue).map { fields -> ReservationShare in
            let numbers = fields.compactMap(\.integerValue)
            guard numbers.count == 6 else { throw unreadable }
            return ReservationShare(
                node: numbers[0],
                sequence: Int(numbers[1]),
                used: Int(numbers[2]),
                held: Int(numbers[3]),
                seen: Instant(microseconds: numbers[4]),
                wanted: Instant(microseconds: numbers[5])
            )
        }
        self.init(lapse: lapse, shares: shares, others: Int(list.last?.integerValue ?? 0))
    }
}
