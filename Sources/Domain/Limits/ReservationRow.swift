/// The row of one subject, limit and cell, which all nodes share: who has used and who holds what (LIM-4).
///
/// It is changed by ``exchange(_:from:budget:activeNodes:at:)`` only, in one transaction, with the database's time. What
/// it keeps true, as long as the budget does not shrink: *told + held ≤ budget*, but for units that nodes without an
/// answer admitted. ``LimitReservations`` has the bound that follows.
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

    package let lapse: Lapse
    package private(set) var shares: [ReservationShare]
    /// Units charged to nodes that are no longer listed.
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
    /// `budget` is what the cell may admit in all at this moment, `activeNodes` how many nodes of the cluster were
    /// active in the last 10 s. What is left is shared equally by the nodes that asked for units in the last 10 s; a
    /// node gets its share as far as others do not hold it still, and never less than what it keeps.
    package mutating func exchange(
        _ report: ReservationReport,
        from node: Int64,
        budget: Int,
        activeNodes: Int,
        at now: Instant
    ) -> ReservationGrant? {
        let place = place(of: node, at: now)
        guard report.sequence > shares[place].sequence else { return nil }
        if lapse == .returns { returnLapsed(at: now) }
        shares[place].sequence = report.sequence
        shares[place].used = max(shares[place].used, report.used)
        shares[place].held = 0
        shares[place].seen = now
        if report.wants { shares[place].wanted = now }
        let sharing = shares.reduce(0) { $0 + (now - $1.wanted < Self.attention ? 1 : 0) }
        let sharers = max(1, min(sharing, activeNodes))
        let left = max(0, budget - told)
        let share = min(left / sharers + (left % sharers > 0 ? 1 : 0), max(0, left - held))
        if report.wants { shares[place].held = max(report.kept, share) }
        return ReservationGrant(
            sequence: report.sequence,
            used: report.used,
            reserved: shares[place].held,
            left: left,
            sharers: sharers
        )
    }

    private mutating func returnLapsed(at now: Instant) {
        for place in shares.indices where now - shares[place].seen >= Self.attention { shares[place].held = 0 }
    }

    private mutating func place(of node: Int64, at now: Instant) -> Int {
        if let place = shares.firstIndex(where: { $0.node == node }) { return place }
        let oldest = shares.indices.min { shares[$0].seen < shares[$1].seen }
        if shares.count >= Self.maximumShares, let oldest {
            let share = shares.remove(at: oldest)
            others += share.used + share.held
        }
        shares.append(ReservationShare(node: node, seen: now))
        return shares.count - 1
    }
}

/// One node's line in the row.
package struct ReservationShare: Hashable, Sendable {
    /// The node's number, another one for each start of a node.
    package let node: Int64
    package var sequence: Int
    package var used: Int
    package var held: Int
    /// The last exchange.
    package var seen: Instant
    /// The last exchange in which it wanted units.
    package var wanted: Instant

    package init(
        node: Int64,
        sequence: Int = 0,
        used: Int = 0,
        held: Int = 0,
        seen: Instant,
        wanted: Instant = .earliest
    ) {
        self.node = node
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
