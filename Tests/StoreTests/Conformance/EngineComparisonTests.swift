import SQLDatabase
import Testing

/// Statements over two tables that refer to each other, made from a seed: the same for every engine.
private struct RandomStatements {
    typealias Step = (statement: Statement, values: [SQLValue])

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// One transaction.
    mutating func transaction() -> [Step] { (0..<pick(6) + 1).map { _ in step() } }

    private mutating func step() -> Step {
        let (group, item) = (SQLValue.int(pick(6)), SQLValue.int(pick(12)))
        return switch pick(13) {
        case 0: ("INSERT INTO party (id, name) VALUES (?, ?)", [group, name()])
        case 1: ("INSERT INTO party (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING", [group, name()])
        case 2: ("DELETE FROM party WHERE id = ?", [group])
        case 3: ("UPDATE party SET name = ? WHERE id = ?", [name(), group])
        case 4, 5: ("INSERT INTO item (id, party_id, flag, amount, body) VALUES (?, ?, ?, ?, ?)", row(item, group))
        case 6:
            (
                """
                INSERT INTO item (id, party_id, flag, amount, body) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET amount = item.amount + excluded.amount, body = excluded.body
                """,
                row(item, group)
            )
        case 7: ("UPDATE item SET flag = ? WHERE id = ?", [.int(pick(3)), item])
        case 8: ("UPDATE item SET amount = amount - ? WHERE party_id = ?", [.int(pick(40)), group])
        case 9: ("UPDATE item SET party_id = ? WHERE id = ?", [group, item])
        case 10: ("DELETE FROM item WHERE id = ? RETURNING id", [item])
        case 11: ("SELECT party_id, SUM(amount) FROM item GROUP BY party_id ORDER BY party_id", [])
        default:
            (
                """
                SELECT id, ROW_NUMBER() OVER (PARTITION BY party_id ORDER BY amount DESC, id) FROM item
                WHERE body IS NOT DISTINCT FROM ? OR (amount, id) < (?, ?) ORDER BY id
                """,
                [body(), .int(pick(40)), item]
            )
        }
    }

    /// At most one value of a row is wrong by itself: which of two faults an engine names is its own affair.
    private mutating func row(_ item: SQLValue, _ group: SQLValue) -> [SQLValue] {
        let fault = pick(16)
        return [
            item, fault == 0 ? .null : group, .int(fault == 1 ? 2 : pick(2)), .int(fault == 2 ? -1 : pick(60)),
            fault == 3 ? .text("no bytes") : body(),
        ]
    }

    private mutating func name() -> SQLValue {
        let names: [SQLValue] = [.text("a"), .text("B"), .text("ä"), .text("🦩"), .text(""), .null, .text("x\0y")]
        return names[pick(20) < 18 ? pick(5) : 5 + pick(2)]
    }

    private mutating func body() -> SQLValue {
        [.null, .bytes([]), .bytes([0]), .bytes([1, 255])][pick(4)]
    }

    // SplitMix64.
    private mutating func pick(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) >> 16) % count
    }
}

@Suite("DST-1: the engines agree with each other")
struct EngineComparisonTests {
    /// What a transaction answered: rows and counts of each statement, or the code of its error.
    private enum Answer: Equatable, Sendable {
        case done([[Row]])
        case failed(DatabaseError.Code)
    }

    private static let tables = [
        "CREATE TABLE party (id {int} NOT NULL PRIMARY KEY, name {text} NOT NULL UNIQUE) {strict}",
        """
        CREATE TABLE item (
            id {int} NOT NULL PRIMARY KEY,
            party_id {int} NOT NULL REFERENCES party (id),
            flag {bool} NOT NULL CHECK (flag IN (0, 1)),
            amount {int} NOT NULL CHECK (amount >= 0),
            body {bytes}
        ) {strict}
        """,
    ]

    @Test("the same random transactions leave the same rows and the same errors on SQLite and PostgreSQL")
    func sameHistory() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var answers: [[Answer]] = []
        for engine in Engine.all {
            try await engine.withDatabase { database in answers.append(try await Self.history(seed, on: database)) }
        }
        for (engine, other) in zip(Engine.all, answers).dropFirst() {
            let differing = zip(answers[0], other).enumerated().first { $0.element.0 != $0.element.1 }
            #expect(differing == nil, "seed \(seed), \(engine.name)")
        }
        let failures = answers[0].filter { if case .failed = $0 { true } else { false } }.count
        #expect(failures > 50, "a history without errors compares little")
        #expect(answers[0].count - failures > 50, "a history of errors compares little")
    }

    private static func history(_ seed: UInt64, on database: any Database) async throws -> [Answer] {
        try await database.write { tx in
            for table in tables { try tx.executeSchema(SchemaWords.replace(in: table, for: tx.dialect)) }
        }
        var random = RandomStatements(seed: seed)
        var answers: [Answer] = []
        for _ in 0..<400 {
            let steps = random.transaction()
            do {
                answers.append(
                    .done(try await database.write { tx in try steps.map { try tx.rows($0.statement, $0.values) } })
                )
            } catch let error as DatabaseError {
                answers.append(.failed(error.code))
            }
            let left = try await database.read { tx in
                [
                    try tx.rows("SELECT id, name FROM party ORDER BY name"),
                    try tx.rows("SELECT id, party_id, flag, amount, body FROM item ORDER BY id"),
                ]
            }
            answers.append(.done(left))
        }
        return answers
    }
}
