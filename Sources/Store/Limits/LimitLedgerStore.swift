package import Domain
package import SQLDatabase

/// What nodes share of limits: one row for each subject (LIM-4).
///
/// Many rows are taken and written with one statement each, of a few fixed lengths, so that a database has few
/// statements to prepare.
package enum LimitLedgerStore {
    /// Takes the rows of these subjects for the rest of the transaction; a new one where there was none.
    ///
    /// They are taken in the order of their ids, so that two nodes never wait for each other.
    package static func take(
        _ subjects: [CredentialID],
        in tx: borrowing Transaction
    ) throws -> [CredentialID: LimitLedger] {
        var ledgers: [CredentialID: LimitLedger] = [:]
        for part in parts(of: subjects.sorted()) {
            let values = part.flatMap { [.id($0), .text(LimitLedger().stored), .int(0), .int(1)] as [SQLValue] }
            for (id, ledger) in try tx.rows(taking(part.count), values, read) { ledgers[id] = ledger }
        }
        return ledgers
    }

    /// Writes rows that were taken.
    package static func put(_ ledgers: [CredentialID: LimitLedger], in tx: borrowing Transaction) throws {
        for part in parts(of: ledgers.keys.sorted()) {
            let values = part.flatMap { id -> [SQLValue] in
                let ledger = ledgers[id] ?? LimitLedger()
                return [.id(id), .text(ledger.stored), .instant(ledger.countsUntil), .int(1)]
            }
            try tx.execute(putting(part.count), values)
        }
    }

    /// What was told of a subject in cells that still count at this time.
    package static func all(
        of subject: CredentialID,
        endingAfter time: Instant,
        in tx: borrowing Transaction
    ) throws -> [(kind: LimitKind, start: Instant, used: Int)] {
        let ledger = try tx.first(get, [.id(subject)], read)?.ledger ?? LimitLedger()
        return ledger.cells.filter { $0.countsUntil > time }
            .map { (kind: $0.kind, start: $0.start, used: $0.row.told) }
    }

    /// Forgets what ended before this.
    package static func forget(endedBefore time: Instant, in tx: borrowing Transaction) throws {
        try tx.execute(forget, [.instant(time)])
    }

    private static func read(_ row: Row) throws -> (id: CredentialID, ledger: LimitLedger) {
        var reader = row.reader
        let id = try reader.id(CredentialID.self)
        return (id: id, ledger: try LimitLedger(stored: try reader.text()))
    }

    /// The lengths that statements have.
    private static let lengths = [64, 8, 1]

    private static func parts(of ids: [CredentialID]) -> [ArraySlice<CredentialID>] {
        var (parts, rest) = ([ArraySlice<CredentialID>](), ids[...])
        for length in lengths {
            while rest.count >= length {
                parts.append(rest.prefix(length))
                rest = rest.dropFirst(length)
            }
        }
        return parts
    }

    private static func insert(_ count: Int, _ tail: String) -> Statement {
        let rows = Array(repeating: "(?, ?, ?, ?)", count: count).joined(separator: ", ")
        return Statement("INSERT INTO limit_ledger (subject, cells, ends_at, version) VALUES \(rows) \(tail)")
    }

    private static let takings = Dictionary(uniqueKeysWithValues: lengths.map { ($0, taking(of: $0)) })
    private static let puttings = Dictionary(uniqueKeysWithValues: lengths.map { ($0, putting(of: $0)) })

    private static func taking(_ count: Int) -> Statement { takings[count] ?? taking(of: count) }
    private static func putting(_ count: Int) -> Statement { puttings[count] ?? putting(of: count) }

    private static func taking(of count: Int) -> Statement {
        insert(count, "ON CONFLICT (subject) DO UPDATE SET version = limit_ledger.version + 1 RETURNING subject, cells")
    }

    private static func putting(of count: Int) -> Statement {
        insert(count, "ON CONFLICT (subject) DO UPDATE SET cells = excluded.cells, ends_at = excluded.ends_at")
    }

    private static let get: Statement = "SELECT subject, cells FROM limit_ledger WHERE subject = ?"
    private static let forget: Statement = "DELETE FROM limit_ledger WHERE ends_at < ?"

    static let statements = lengths.map(taking(of:)) + lengths.map(putting(of:)) + [get, forget]
}

/// A ledger as one text: a JSON array of whole numbers. Each cell has its kind, its beginning, the sum of units that belong
/// to no listed share, the number of shares, and seven numbers for each share.
extension LimitLedger {
    var stored: String {
        var numbers: [Int64] = []
        for cell in cells {
            numbers += [
                cell.kind.number, cell.start.microseconds, Int64(cell.row.others), Int64(cell.row.shares.count),
            ]
            for share in cell.row.shares {
                numbers += [
                    share.node, share.incarnation, Int64(share.sequence), Int64(share.used), Int64(share.held),
                    share.seen.microseconds, share.wanted.microseconds,
                ]
            }
        }
        return "[" + numbers.map { String($0) }.joined(separator: ",") + "]"
    }

    init(stored text: String) throws {
        var numbers = try Self.numbers(text)[...]
        func next() throws -> Int64 {
            guard let number = numbers.popFirst() else { throw Self.unreadable }
            return number
        }
        var cells: [Cell] = []
        while let code = numbers.popFirst() {
            guard let kind = LimitKind(number: code) else { throw Self.unreadable }
            let start = Instant(microseconds: try next())
            let others = Int(try next())
            let count = try next()
            guard (0...Int64(ReservationRow.maximumShares)).contains(count) else { throw Self.unreadable }
            var shares: [ReservationShare] = []
            for _ in 0..<count {
                shares.append(
                    ReservationShare(
                        node: try next(),
                        incarnation: try next(),
                        sequence: Int(try next()),
                        used: Int(try next()),
                        held: Int(try next()),
                        seen: Instant(microseconds: try next()),
                        wanted: Instant(microseconds: try next())
                    )
                )
            }
            cells.append(Cell(kind: kind, start: start, shares: shares, others: others))
        }
        self.init(cells: cells)
    }

    private static var unreadable: DatabaseError {
        DatabaseError(.columnType, "A column does not hold what nodes share of limits.")
    }

    private static func numbers(_ text: String) throws -> [Int64] {
        guard text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]") else { throw unreadable }
        var numbers: [Int64] = []
        var (number, digits, sign) = (Int64(0), 0, Int64(1))
        for byte in text.utf8.dropFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                guard digits < 18 else { throw unreadable }
                number = number * 10 + Int64(byte - UInt8(ascii: "0"))
                digits += 1
            case UInt8(ascii: "-") where digits == 0 && sign == 1: sign = -1
            case UInt8(ascii: ","), UInt8(ascii: "]"):
                if digits == 0, sign == 1, numbers.isEmpty, text.utf8.count == 2 { return [] }
                guard digits > 0 else { throw unreadable }
                numbers.append(sign * number)
                (number, digits, sign) = (0, 0, 1)
            default: throw unreadable
            }
        }
        return numbers
    }
}

extension LimitKind {
    fileprivate var number: Int64 {
        switch self {
        case .burst: 0
        case .minute: 1
        case .hour: 2
        case .day: 3
        case .month: 4
        }
    }

    fileprivate init?(number: Int64) {
        guard let kind = Self.allCases.first(where: { $0.number == number }) else { return nil }
        self = kind
    }
}
