package import Domain
package import Store

/// The limits of one token on this node: what it used, and its part in what nodes share (LIM-4).
///
/// A pure value. A node that is alone decides by ``LimitState``, exactly. One that is not admits what it was granted; its
/// state is then a picture of what all nodes used, as of the last exchange.
package struct LimitSubject: Sendable {
    /// What the node tells of one cell.
    package struct Report: Sendable {
        package let key: LimitCellStore.Key
        package let report: ReservationReport
        package let limit: Int
        package let endsAt: Instant

        /// Until when the cell counts: as the one before, too.
        package var countsUntil: Instant { key.kind == .month ? endsAt : endsAt + (endsAt - key.start) }
    }

    /// What the row answered.
    package struct Answer: Sendable {
        package let key: LimitCellStore.Key
        package let grant: ReservationGrant?
        /// Units all nodes told of in the cell, and in the one before.
        package let told: Int
        package let previous: Int

        package init(key: LimitCellStore.Key, grant: ReservationGrant?, told: Int, previous: Int) {
            self.key = key
            self.grant = grant
            self.told = told
            self.previous = previous
        }
    }

    private struct Cell: Sendable {
        let kind: LimitKind
        var start: Instant
        var end: Instant
        var part = LimitReservations()
        /// The cell before, as long as there is something to tell of it.
        var last: (start: Instant, end: Instant, part: LimitReservations)?
    }

    package let id: CredentialID
    private var state: LimitState
    private var cells: [Cell] = []
    /// When it was used last, by the node's own clock.
    private(set) var lastUsed: Instant

    package init(_ id: CredentialID, limits: EffectiveLimits, at now: Instant, steady: Instant) {
        self.id = id
        state = LimitState(limits: limits)
        lastUsed = steady
        arrange(at: now)
    }

    /// Takes over what rows of cells tell of an earlier time.
    package mutating func resume(_ cells: [LimitSeed], at now: Instant) {
        for seed in cells.sorted(by: { $0.start < $1.start }) {
            state.count(seed.used, of: seed.kind, at: min(seed.start, now))
        }
    }

    /// Other limits hold from here on; what was counted stays.
    package mutating func setLimits(_ limits: EffectiveLimits, at now: Instant) {
        guard limits != state.limits else { return }
        state.limits = limits
        arrange(at: now)
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

    /// Takes units of these limits, or refuses.
    package mutating func check(
        _ limits: EffectiveLimits,
        _ cost: LimitCost,
        isShared: Bool,
        wantsStandings: Bool,
        at now: Instant,
        steady: Instant
    ) -> Outcome {
        setLimits(limits, at: now)
        let decision = take(cost, isShared: isShared, at: now, steady: steady)
        return Outcome(
            decision: decision,
            threshold: state.threshold(at: now),
            standings: wantsStandings || !decision.isAllowed ? state.standings(at: now) : [],
            at: now
        )
    }

    /// Takes units or refuses; `isShared`: whether other nodes may take of the same limits.
    package mutating func take(
        _ cost: LimitCost,
        isShared: Bool,
        at now: Instant,
        steady: Instant
    ) -> LimitDecision {
        lastUsed = steady
        roll(to: now)
        guard isShared, cost.units > 0 else {
            let decision = state.take(cost, at: now)
            if decision.isAllowed { for place in cells.indices { cells[place].part.count(cost.units) } }
            return decision
        }
        let full = cells.indices.filter { !cells[$0].part.hasRoom(for: cost.units, at: steady) }
        guard full.isEmpty else {
            for place in full { _ = cells[place].part.admit(cost.units, at: steady) }
            return .refused(state.refusal(of: cost, for: full.map { cells[$0].kind }, at: now))
        }
        for place in cells.indices { _ = cells[place].part.admit(cost.units, at: steady) }
        return .allowed(state.force(cost, at: now))
    }

    /// What there is to tell now; a second's cell is nobody's business while the node is alone.
    package mutating func reports(isShared: Bool, at now: Instant, steady: Instant) -> [Report] {
        roll(to: now)
        var reports: [Report] = []
        for place in cells.indices where isShared || cells[place].kind != .burst {
            let (kind, limit) = (cells[place].kind, state.limits[cells[place].kind] ?? 0)
            func add(_ report: ReservationReport, _ start: Instant, _ end: Instant) {
                let key = LimitCellStore.Key(subject: id, kind: kind, start: start)
                reports.append(Report(key: key, report: report, limit: limit, endsAt: end))
            }
            if var last = cells[place].last {
                let report = last.part.report(at: steady)
                if let report { add(report, last.start, last.end) }
                cells[place].last = last
            }
            if let report = cells[place].part.report(at: steady) { add(report, cells[place].start, cells[place].end) }
        }
        return reports
    }

    /// Takes what the row answered.
    package mutating func answered(_ answer: Answer, at now: Instant, steady: Instant) {
        roll(to: now)
        guard let place = cells.firstIndex(where: { $0.kind == answer.key.kind }) else { return }
        if cells[place].start == answer.key.start {
            guard let grant = answer.grant else { return }
            cells[place].part.granted(grant, at: steady)
            let untold = cells[place].part.used - grant.used
            state.restate(answer.key.kind, current: answer.told + untold, previous: answer.previous, at: now)
        } else if cells[place].last?.start == answer.key.start, let grant = answer.grant {
            cells[place].last?.part.granted(grant, at: steady)
        }
    }

    private mutating func arrange(at now: Instant) {
        let kinds = LimitKind.allCases.filter { state.limits[$0] != nil }
        cells = kinds.map { kind in
            cells.first { $0.kind == kind } ?? Self.cell(kind, at: now)
        }
    }

    private mutating func roll(to now: Instant) {
        for place in cells.indices where now >= cells[place].end {
            let fresh = Self.cell(cells[place].kind, at: now)
            let old = cells[place]
            cells[place] = fresh
            cells[place].last = (old.start, old.end, old.part)
        }
    }

    private static func cell(_ kind: LimitKind, at now: Instant) -> Cell {
        let period = LimitState.cell(kind, at: now)
        return Cell(kind: kind, start: period.lowerBound, end: period.upperBound)
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
