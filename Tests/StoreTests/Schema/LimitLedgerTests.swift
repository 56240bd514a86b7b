import Domain
import SQLDatabase
import Store
import Testing

@Suite("What nodes share of limits is stored as it is")
struct LimitLedgerTests {
    private static let start = Instant(microseconds: 1_795_269_600_000_000)

    private static func id(_ number: Int) -> CredentialID {
        CredentialID(value: TypeIDValue(high: UInt64(number) << 16 | 0x7000, low: 1 << 63 | 1))
    }

    private static func reports(_ used: Int) -> [LimitCellReport] {
        LimitKind.allCases.map { kind in
            LimitCellReport(
                kind: kind,
                start: LimitState.cell(kind, at: start).lowerBound,
                limit: 1_000_000,
                report: ReservationReport(incarnation: 5, sequence: used, used: used, kept: 1, needs: 3, likes: 8)
            )
        }
    }

    @Test("LIM-4: any number of ledgers is taken, written and found again, whole", arguments: Engine.all)
    func whole(engine: Engine) async throws {
        try await engine.withStore { database, _ in
            for count in [1, 2, 7, 8, 9, 63, 64, 65, 200] {
                let ids = (0..<count).map { Self.id($0 + count * 1000) }.shuffled()
                for round in 1...3 {
                    let before = try await database.write { tx in
                        var ledgers = try LimitLedgerStore.take(ids, in: tx)
                        let before = ledgers
                        for id in ids {
                            for node in 1...3 {
                                _ = ledgers[id]?.exchange(Self.reports(round), from: Int64(node), at: Self.start)
                            }
                        }
                        try LimitLedgerStore.put(ledgers, in: tx)
                        return before
                    }
                    #expect(before.count == count)
                    #expect(before.values.allSatisfy { $0.cells.count == (round == 1 ? 0 : LimitKind.allCases.count) })
                    #expect(before.values.allSatisfy { $0.cells.allSatisfy { $0.row.told == 3 * (round - 1) } })
                }
            }
            let found = try await database.read { tx in
                try LimitLedgerStore.all(of: Self.id(1000), endingAfter: Self.start + .minutes(3), in: tx)
            }
            #expect(found.map(\.kind) == [.hour, .day, .month] && found.allSatisfy { $0.used == 9 })
        }
    }

    @Test("LIM-4: a ledger is forgotten when none of its cells counts any more", arguments: Engine.all)
    func forgotten(engine: Engine) async throws {
        try await engine.withStore { database, _ in
            let counts = try await database.write { (tx: borrowing Transaction) throws in
                var ledgers = try LimitLedgerStore.take([Self.id(1)], in: tx)
                _ = ledgers[Self.id(1)]?.exchange([Self.reports(1)[1]], from: 1, at: Self.start)
                try LimitLedgerStore.put(ledgers, in: tx)
                return try [119, 121]
                    .map { seconds in
                        try LimitLedgerStore.forget(endedBefore: Self.start + .seconds(seconds), in: tx)
                        return try LimitLedgerStore.all(of: Self.id(1), endingAfter: .earliest, in: tx).count
                    }
            }
            #expect(counts == [1, 0])
        }
    }

    @Test(
        "LIM-4: what is no ledger is not taken for one",
        arguments: [
            "", "[", "]", "[1]", "[1,]", "[,]", "[1,2,3]", "[9,0,0,0]", "[1,0,0,1]", "[1,0,0,65]", "[1,0,0,-1]",
            "[1,0,0,0]x", "[1,0,0,0,1]", "[1 ,0,0,0]", "[--1,0,0,0]", "[1,9999999999999999999,0,0]", "{}", "null",
        ]
    )
    func garbage(text: String) async throws {
        try await Engine.inMemory.withStore { database, _ in
            await #expect(throws: DatabaseError.self) {
                try await database.write { tx in
                    try tx.execute(
                        "INSERT INTO limit_ledger (subject, cells, ends_at, version) VALUES (?, ?, 0, 1)",
                        [.text(Self.id(1).text), .text(text)]
                    )
                    _ = try LimitLedgerStore.all(of: Self.id(1), endingAfter: .earliest, in: tx)
                }
            }
        }
    }
}
