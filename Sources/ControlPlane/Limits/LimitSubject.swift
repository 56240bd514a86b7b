package import Domain

/// The limits of one token on this node: what it used, and its part in what nodes share (LIM-4).
///
/// A pure value. A node that is alone decides by ``LimitState``, exactly. One that shares admits what it was granted and
/// what its state, a picture of what all nodes used as of the last exchange, has room for; a call for which only the
/// grant is missing waits for the next exchange.
package struct LimitSubject: Sendable {
    /// What the node tells of a subject.
    package struct Report: Sendable {
        package let subject: CredentialID
        package let cells: [LimitCellReport]
    }

    /// What the ledger answered.
    package struct Answer: Sendable {
        package let subject: CredentialID
        package let cells: [LimitCellAnswer]

        package init(subject: CredentialID, cells: [LimitCellAnswer]) {
            self.subject = subject
            self.cells = cells
        }
    }

    /// How a call that has to wait goes on.
    package enum Turn: Sendable {
        case first
        /// It has waited, and would again.
        case next
        /// It waits no longer.
        case last
    }

    private struct Cell: Sendable {
        let kind: LimitKind
        let start: Instant
        let end: Instant
        var part: LimitReservations
    }

    /// How far a clock may go back within the cell that counts; further back begins a cell of its own.
    private static let tolerance = Duration.seconds(1)

    package let id: CredentialID
    private var state: LimitState
    /// One for each kind of limit, set or not: a limit that is set later finds what was used.
    private var cells: [Cell] = []
    /// Cells that are over, as long as there is something to tell of them.
    private var old: [Cell] = []
    private var lastIncarnation: Int64
    /// Units of calls that wait for a grant.
    private var waiting = 0
    /// Whether a call was refused by the picture, and none was taken since.
    private var isFull = false
    /// The last exchange, by the node's own clock.
    private(set) var toldAt = Instant.earliest
    /// When it was used last, by the node's own clock.
    private(set) var lastUsed: Instant

    package init(_ id: CredentialID, limits: EffectiveLimits, at now: Instant, steady: Instant) {
        self.id = id
        state = LimitState(limits: limits)
        lastUsed = steady
        lastIncarnation = steady.microseconds
        cells = LimitKind.allCases.map { Self.cell($0, at: now, incarnation: steady.microseconds) }
    }

    /// Takes over what rows of cells tell of an earlier time.
    package mutating func resume(_ cells: [LimitSeed], at now: Instant) {
        for seed in cells.sorted(by: { $0.start < $1.start }) {
            state.count(seed.used, of: seed.kind, at: min(seed.start, now))
        }
    }

    /// What a check gave.
    package struct Outcome: Sendable {
        package let decision: LimitDecision
        /// The share of the month's quota that is used, from 80 % on (LIM-3).
        package let threshold: QuotaThreshold?
        /// How the limits stand, if that was asked for or the call refused.
        package let standings: [LimitStanding]
        package let at: Instant

        /// The header fields that tell of it.
        package var headers: LimitHeaders? {
            if case .refused(let refusal) = decision { return LimitHeaders(standings, refusal: refusal, at: at) }
            return LimitHeaders(standings, at: at)
        }
    }

    /// Takes units of these limits, or refuses; `nil` if the call has to wait for the next exchange and come again.
    ///
    /// A call that was told to wait must come again, with ``Turn/last`` at last: until then it stands in line.
    package mutating func check(
        _ limits: EffectiveLimits,
        _ cost: LimitCost,
        turn: Turn = .first,
        isShared: Bool,
        wantsStandings: Bool,
        at now: Instant,
        steady: Instant
    ) -> Outcome? {
        if limits != state.limits { state.limits = limits }
        guard let decision = take(cost, turn: turn, isShared: isShared, at: now, steady: steady) else { return nil }
        return Outcome(
            decision: decision,
            threshold: state.threshold(at: now),
            standings: wantsStandings || !decision.isAllowed ? state.standings(at: now) : [],
            at: now
        )
    }

    private mutating func take(
        _ cost: LimitCost,
        turn: Turn,
        isShared: Bool,
        at now: Instant,
        steady: Instant
    ) -> LimitDecision? {
        lastUsed = steady
        roll(to: now, steady: steady)
        if turn != .first { waiting = max(0, waiting - cost.units) }
        if isShared, let kind = lacking(cost.units, at: steady), state.hasRoom(for: cost, at: now) {
            if turn != .last, waiting + cost.units <= state.room(at: now) ?? 0 {
                waiting += cost.units
                return nil
            }
            return .refused(state.refusal(of: cost, withheld: kind, at: now))
        }
        let decision = state.take(cost, at: now)
        guard cost.units > 0 else { return decision }
        isFull = !decision.isAllowed
        if decision.isAllowed { count(cost.units, isShared: isShared, at: steady) }
        return decision
    }

    /// The shortest limit of which this node was not granted so many units.
    private func lacking(_ units: Int, at steady: Instant) -> LimitKind? {
        guard units > 0 else { return nil }
        for cell in cells where state.limits[cell.kind] != nil {
            if !cell.part.hasRoom(for: units, at: steady) { return cell.kind }
        }
        return nil
    }

    private mutating func count(_ units: Int, isShared: Bool, at steady: Instant) {
        for place in cells.indices {
            let isGranted = isShared && state.limits[cells[place].kind] != nil
            if isGranted, cells[place].part.admit(units, at: steady) { continue }
            cells[place].part.count(units)
        }
    }

    /// Whether limits of this kind are anybody's business: a second's is not while the node is alone.
    private func isTold(_ kind: LimitKind, _ isShared: Bool) -> Bool {
        state.limits[kind] != nil && (isShared || kind != .burst)
    }

    /// Whether it is time for an exchange, and whether calls wait for it.
    package func isDue(isShared: Bool, steady: Instant) -> (isDue: Bool, isUrgent: Bool) {
        var isDue = isShared && isFull && steady >= toldAt + LimitReservations.life
        for cell in cells where !isDue && isTold(cell.kind, isShared) {
            isDue = cell.part.isDue(waiting: waiting, at: steady)
        }
        for cell in old where !isDue && isTold(cell.kind, isShared) {
            isDue = cell.part.isDue(isOver: true, at: steady)
        }
        return (isDue, isDue && waiting > 0)
    }

    /// Whether the ledger knows all there is to know.
    package func isSettled(isShared: Bool) -> Bool {
        waiting == 0 && (cells + old).allSatisfy { $0.part.isSettled || !isTold($0.kind, isShared) }
    }

    /// What there is to tell now, of all limits at once; `nil` if there is nothing, or an answer is awaited.
    ///
    /// `isClosing`: the node stops and wants nothing any more.
    package mutating func report(
        isShared: Bool,
        isClosing: Bool = false,
        at now: Instant,
        steady: Instant
    ) -> Report? {
        roll(to: now, steady: steady)
        old = old.filter { !$0.part.isSettled && isTold($0.kind, isShared) }
        var reports: [LimitCellReport] = []
        func add(_ cell: Cell, _ report: ReservationReport?) {
            guard let report else { return }
            let limit = state.limits[cell.kind] ?? 0
            reports.append(LimitCellReport(kind: cell.kind, start: cell.start, limit: limit, report: report))
        }
        for place in old.indices {
            let report = old[place].part.report(wantsGrant: false, at: steady)
            add(old[place], report)
        }
        for place in cells.indices where isTold(cells[place].kind, isShared) {
            let report = cells[place].part.report(
                waiting: waiting,
                wantsGrant: isShared && !isClosing,
                always: isFull && isShared,
                at: steady
            )
            add(cells[place], report)
        }
        guard !reports.isEmpty else { return nil }
        toldAt = steady
        return Report(subject: id, cells: reports)
    }

    /// Takes what the ledger answered.
    package mutating func answered(_ answer: Answer, at now: Instant, steady: Instant) {
        roll(to: now, steady: steady)
        for told in answer.cells {
            guard let grant = told.grant else { continue }
            func isMeant(_ cell: Cell) -> Bool {
                cell.kind == told.kind && cell.start == told.start && cell.part.incarnation == grant.incarnation
            }
            if let place = old.firstIndex(where: isMeant) { old[place].part.granted(grant, at: steady) }
            guard let place = cells.firstIndex(where: isMeant) else { continue }
            cells[place].part.granted(grant, at: steady)
            let before = old.first { $0.kind == told.kind && $0.end == told.start }?.part.untold ?? 0
            let current = told.told + cells[place].part.untold
            state.restate(told.kind, current: current, previous: told.previous + before, at: now)
        }
    }

    /// The report could not be delivered, as far as is known.
    package mutating func failed(_ report: Report) {
        for told in report.cells {
            func isMeant(_ cell: Cell) -> Bool {
                cell.kind == told.kind && cell.start == told.start && cell.part.incarnation == told.report.incarnation
            }
            if let place = old.firstIndex(where: isMeant) { old[place].part.failed() }
            if let place = cells.firstIndex(where: isMeant) { cells[place].part.failed() }
        }
    }

    /// Begins the cells of this moment.
    ///
    /// A clock that was set back takes what was used along into an earlier cell, as if
    /// it had just been used; where a cell was begun before, the ledger knows what it had.
    private mutating func roll(to now: Instant, steady: Instant) {
        for place in cells.indices {
            let cell = cells[place]
            let isBack = now < cell.start - Self.tolerance
            guard isBack || now >= cell.end else { continue }
            lastIncarnation = max(lastIncarnation + 1, steady.microseconds)
            cells[place] = Self.cell(cell.kind, at: now, incarnation: lastIncarnation)
            if isBack { cells[place].part.count(cell.part.used) }
            guard state.limits[cell.kind] != nil, !cell.part.isSettled else { continue }
            old.removeAll { $0.end + ($0.end - $0.start) + LimitLedger.patience <= now }
            old.append(cell)
        }
    }

    private static func cell(_ kind: LimitKind, at now: Instant, incarnation: Int64) -> Cell {
        let period = LimitState.cell(kind, at: now)
        let part = LimitReservations(incarnation: incarnation)
        return Cell(kind: kind, start: period.lowerBound, end: period.upperBound, part: part)
    }
}

/// What a row told of a cell when the token was loaded.
package struct LimitSeed: Hashable, Sendable {
    package let kind: LimitKind
    package let start: Instant
    package let used: Int

    package init(kind: LimitKind, start: Instant, used: Int) {
        self.kind = kind
        self.start = start
        self.used = used
    }
}
