/// What nodes share of one subject, limit and cell: who has used and who holds what (LIM-4).
///
/// It is changed by ``exchange(_:from:budget:at:)`` only, in one transaction, with the database's time. What it keeps
/// true, as long as the budget does not shrink: *told + held ≤ budget*, but for units that nodes without a grant admitted.
/// ``LimitReservations`` has the bound that follows.
package struct ReservationRow: Hashable, Sendable {
    /// What becomes of a grant whose node is not heard of any more.
    package enum Lapse: String, Sendable {
        /// It counts as used up to the end of the cell: nothing is ever admitted twice. For cells up to a minute.
        case keeps
        /// It goes back to the others after 10 s: a crash must not cost an organization its month. What the node
        /// admitted and did not tell, less than 1 s of its calls, is admitted once more.
        case returns
    }

    /// For how long a node that asked for units counts among those that share them.
    package static let attention = Duration.seconds(10)
    /// Nodes that a row knows of at most; those longest silent are summed up.
    package static let maximumShares = 64
    /// A node that asks is granted at least this part of what is left: what it has just used tells little of a burst.
    static let leastPart = 8

    package let lapse: Lapse
    package private(set) var shares: [ReservationShare]
    /// Units charged to nodes that are no longer listed, and to parts that nodes have replaced.
    package private(set) var others: Int

    package init(lapse: Lapse, shares: [ReservationShare] = [], others: Int = 0) {
        self.lapse = lapse
        self.shares = shares
        self.others = others
    }

    /// Units that nodes have told of.
    package var told: Int { shares.reduce(others) { $0 + $1.used } }
    /// Units that nodes hold and may use without asking.
    package var held: Int { shares.reduce(0) { $0 + $1.held } }

    /// Takes a node's report and answers its new grant; `nil` for a report that is older than one known.
    ///
    /// `budget` is what the cell may admit in all at this moment. A node is granted what its waiting calls need, and
    /// beside that what it would like as far as an equal part goes of what is left, where one part is for a node that
    /// comes later; all of it as far as others do not hold it still, and never less than what it keeps.
    package mutating func exchange(
        _ report: ReservationReport,
        from node: Int64,
        budget: Int,
        at now: Instant
    ) -> ReservationGrant? {
        let place = place(of: node, incarnation: report.incarnation, at: now)
        guard report.incarnation >= shares[place].incarnation else { return nil }
        if report.incarnation > shares[place].incarnation {
            others += shares[place].used
            shares[place] = ReservationShare(node: node, incarnation: report.incarnation, seen: now)
        }
        guard report.sequence > shares[place].sequence else { return nil }
        if lapse == .returns { returnLapsed(at: now) }
        shares[place].sequence = report.sequence
        shares[place].used = max(shares[place].used, report.used)
        shares[place].held = 0
        shares[place].seen = now
        if report.wants { shares[place].wanted = now }
        let left = max(0, budget - told)
        if report.wants { shares[place].held = max(report.kept, grant(report, of: left, at: now)) }
        return ReservationGrant(report, reserved: shares[place].held, isAmple: left > 0 && left >= budget - left)
    }

    private func grant(_ report: ReservationReport, of left: Int, at now: Instant) -> Int {
        let sharing = shares.reduce(0) { $0 + (now - $1.wanted < Self.attention ? 1 : 0) }
        let liked = max(report.likes, Self.part(of: left, among: Self.leastPart))
        return min(max(report.needs, min(liked, Self.part(of: left, among: sharing + 1))), max(0, left - held))
    }

    /// An equal part, rounded up.
    private static func part(of units: Int, among count: Int) -> Int {
        units / count + (units % count > 0 ? 1 : 0)
    }

    private mutating func returnLapsed(at now: Instant) {
        for place in shares.indices where now - shares[place].seen >= Self.attention { shares[place].held = 0 }
    }

    private mutating func place(of node: Int64, incarnation: Int64, at now: Instant) -> Int {
        if let place = shares.firstIndex(where: { $0.node == node }) { return place }
        let oldest = shares.indices.min { shares[$0].seen < shares[$1].seen }
        if shares.count >= Self.maximumShares, let oldest {
            let share = shares.remove(at: oldest)
            others += share.used + share.held
        }
        shares.append(ReservationShare(node: node, incarnation: incarnation, seen: now))
        return shares.count - 1
    }
}

/// One node's line in the row.
package struct ReservationShare: Hashable, Sendable {
    /// The node's number, another one for each start of a node.
    package let node: Int64
    /// Which of the node's parts for this cell it is about; the latest.
    package let incarnation: Int64
    package var sequence: Int
    package var used: Int
    package var held: Int
    /// The last exchange.
    package var seen: Instant
    /// The last exchange in which it wanted units.
    package var wanted: Instant

    package init(
        node: Int64,
        incarnation: Int64 = 0,
        sequence: Int = 0,
        used: Int = 0,
        held: Int = 0,
        seen: Instant,
        wanted: Instant = .earliest
    ) {
        self.node = node
        self.incarnation = incarnation
        self.sequence = sequence
        self.used = used
        self.held = held
        self.seen = seen
        self.wanted = wanted
    }
}

extension SlidingWindow {
    /// What a cell may admit in all, `elapsed` after its beginning, if the cell before has used so many units.
    package static func budget(limit: Int, previous: Int, elapsed: Duration, length: Duration) -> Int {
        var window = SlidingWindow(length: length)
        window.add(previous, at: Instant(microseconds: 0))
        let share = window.used(at: Instant(microseconds: 0) + length + elapsed)
        return max(0, limit - share)
    }
}
