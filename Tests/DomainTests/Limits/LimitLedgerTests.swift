import Domain
import Testing

@Suite("The ledger of a subject's limits")
struct LimitLedgerTests {
    private let start = Instant(microseconds: 1_795_269_600_000_000)

    private func report(_ kind: LimitKind, at instant: Instant, _ report: ReservationReport) -> LimitCellReport {
        LimitCellReport(kind: kind, start: LimitState.cell(kind, at: instant).lowerBound, limit: 100, report: report)
    }

    @Test("LIM-4: a cell's budget is what the cell before leaves, and what is held there counts as used")
    func previous() {
        var ledger = LimitLedger()
        let first = ReservationReport(sequence: 1, used: 40, needs: 20)
        let grant = ledger.exchange([report(.minute, at: start, first)], from: 1, at: start).first?.grant
        #expect(grant?.reserved == 20)
        let next = start + .minutes(1)
        let all = ReservationReport(sequence: 1, used: 0, needs: 100)
        let answer = ledger.exchange([report(.minute, at: next, all)], from: 2, at: next).first
        #expect(answer?.grant?.reserved == 40 && answer?.previous == 40)
        // The node tells what it used of the cell that is over: the rest is free.
        let over = ReservationReport(sequence: 2, used: 45)
        _ = ledger.exchange([report(.minute, at: start, over)], from: 1, at: next)
        let again = ReservationReport(sequence: 2, used: 0, needs: 100)
        let later = ledger.exchange([report(.minute, at: next, again)], from: 2, at: next + .seconds(30)).first
        #expect(later?.grant?.reserved == 77 && later?.previous == 45)
    }

    @Test("LIM-4: cells are kept until they count no more and nodes with clocks behind have told, and no longer")
    func bounded() {
        var ledger = LimitLedger()
        for second in 0..<300 {
            let now = start + .seconds(second)
            let used = ReservationReport(sequence: 1, used: 1)
            _ = ledger.exchange(LimitKind.allCases.map { report($0, at: now, used) }, from: 1, at: now)
        }
        #expect(ledger.cells.count { $0.kind == .burst } == 12)
        #expect(ledger.cells.count { $0.kind == .minute } <= 4)
        #expect(ledger.cells.count <= 20)
        #expect(ledger.countsUntil == LimitState.cell(.month, at: start).upperBound)
    }
}
