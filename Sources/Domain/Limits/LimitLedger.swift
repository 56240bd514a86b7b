/// All that nodes share of one subject's limits: a ``ReservationRow`` for each limit and cell that counts still (LIM-4).
///
/// It is one row of the database, so that a subject costs one exchange however many limits it has. A pure value.
package struct LimitLedger: Hashable, Sendable {
    package struct Cell: Hashable, Sendable {
        package let kind: LimitKind
        /// The first instant of the cell.
        package let start: Instant
        package internal(set) var row: ReservationRow

        /// `lapse` of the row follows from the kind: a crash must not cost an organization its hour, day or month; in
        /// shorter cells nothing is admitted twice.
        package init(kind: LimitKind, start: Instant, shares: [ReservationShare] = [], others: Int = 0) {
            self.kind = kind
            self.start = start
            let isShort = kind == .burst || kind == .minute
            row = ReservationRow(lapse: isShort ? .keeps : .returns, shares: shares, others: others)
        }

        /// Until when the cell counts: a window's as the one before, too.
        package var countsUntil: Instant {
            let cell = LimitState.cell(kind, at: start)
            let length = cell.upperBound - cell.lowerBound
            return kind == .month ? cell.upperBound : cell.upperBound + length
        }
    }

    /// For how long a cell is kept that counts no more, for nodes whose clocks are behind.
    package static let patience = Duration.seconds(10)

    package private(set) var cells: [Cell]

    package init(cells: [Cell] = []) { self.cells = cells }

    /// When all of it is over.
    package var countsUntil: Instant { cells.reduce(.earliest) { max($0, $1.countsUntil) } }

    /// Takes what a node reports of some cells, one after the other, and answers each.
    package mutating func exchange(
        _ reports: [LimitCellReport],
        from node: Int64,
        at now: Instant
    ) -> [LimitCellAnswer] {
        cells.removeAll { $0.countsUntil + Self.patience <= now }
        return reports.map { exchange($0, from: node, at: now) }
    }

    private mutating func exchange(_ report: LimitCellReport, from node: Int64, at now: Instant) -> LimitCellAnswer {
        let (before, budget) = budget(report, at: now)
        let place: Int
        if let known = cells.firstIndex(where: { $0.kind == report.kind && $0.start == report.start }) {
            place = known
        } else {
            cells.append(Cell(kind: report.kind, start: report.start))
            place = cells.count - 1
        }
        let grant = cells[place].row.exchange(report.report, from: node, budget: budget, at: now)
        return LimitCellAnswer(
            kind: report.kind,
            start: report.start,
            grant: grant,
            told: cells[place].row.told,
            previous: before
        )
    }

    /// What was told of the cell before, and what this one may admit in all.
    ///
    /// Units that are held in the cell before count as used: most of them will be, and be told after this one has begun.
    private func budget(_ report: LimitCellReport, at now: Instant) -> (previous: Int, budget: Int) {
        guard report.kind != .month else { return (0, report.limit) }
        let cell = LimitState.cell(report.kind, at: report.start)
        let length = cell.upperBound - cell.lowerBound
        let before = cells.first { $0.kind == report.kind && $0.start == report.start - length }?.row
        let elapsed = min(max(now - report.start, .zero), length - .microseconds(1))
        let previous = (before?.told ?? 0) + (before?.held ?? 0)
        let budget = SlidingWindow.budget(limit: report.limit, previous: previous, elapsed: elapsed, length: length)
        return (before?.told ?? 0, budget)
    }
}

/// What a node tells of one cell.
package struct LimitCellReport: Hashable, Sendable {
    package let kind: LimitKind
    package let start: Instant
    /// The limit that holds for the subject now.
    package let limit: Int
    package let report: ReservationReport

    package init(kind: LimitKind, start: Instant, limit: Int, report: ReservationReport) {
        self.kind = kind
        self.start = start
        self.limit = limit
        self.report = report
    }
}

/// What the ledger answers of one cell.
package struct LimitCellAnswer: Hashable, Sendable {
    package let kind: LimitKind
    package let start: Instant
    /// Absent if the report was older than one known.
    package let grant: ReservationGrant?
    /// Units all nodes told of in the cell, and in the one before.
    package let told: Int
    package let previous: Int
}
