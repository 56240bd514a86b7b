/// One node's part in a limit that several nodes share: the node's side, for one subject, limit and cell (LIM-4).
///
/// All nodes share one ``ReservationRow`` for each subject, limit and cell. A node that uses the subject tells the row how
/// much it has admitted in this cell so far, and is granted a part of what is left. From its part it admits without
/// asking anybody. It tells again after ``interval`` as long as its part is small for what it uses, else after
/// ``calm``, and at once (``impatience``) if calls wait for more than it has. What it holds and doesn't use it gives
/// back when the grant has reached the end of its ``life``.
///
/// **Bound.** Let the limit be L. The row grants so that *told + granted and not yet told ≤ L*, over all nodes. Beyond its
/// grant a node admits at most 2 units in 100 ms (``unreservedUnits``), and only while it has no answer that holds or the
/// answer says that half of the cell's budget or more is untouched. It lets go of what it gives back when it asks, not
/// when it is answered, so that no unit is in two hands while a message is under way. What it tells is the sum since the
/// cell's beginning: a message that is lost, late or doubled changes nothing. Hence never more is admitted than
///
///     L + 2 × nodes × (tenths of a second in which units were admitted without a grant)
///
/// which is inside LIM-4's bound and leaves its 5 % unused. In rows that return what silent nodes hold
/// (``ReservationRow/Lapse``) a crash adds what the node admitted and never told: less than 1 s of its calls.
///
/// **Under-use.** The row keeps a part for a node that comes later, and a node that asks lets go of half of what it
/// doesn't use. So traffic that moves finds units with its first exchange.
package struct LimitReservations: Hashable, Sendable {
    /// How often a node tells that uses up what it was granted.
    package static let interval = Duration.milliseconds(100)
    /// How often a node tells that has been granted plenty.
    package static let calm = Duration.milliseconds(500)
    /// How soon it asks again if calls wait; twice as late after each answer that did not help, at most ``interval``.
    package static let impatience = Duration.milliseconds(25)
    /// How long a grant holds, from when it was asked for; how long an answer is waited for.
    package static let life = Duration.seconds(1)
    /// What a node without a grant may admit in each ``interval``.
    package static let unreservedUnits = 2

    /// Grows with each part that a node begins for the same cell, so that the row takes a part which begins at nothing
    /// for a new one and not for an old message.
    package let incarnation: Int64
    /// Units admitted in this cell.
    package private(set) var used = 0
    /// Of them, those that no grant covered.
    package private(set) var unreserved = 0
    private var reserved = 0
    private var holdsUntil = Instant.earliest
    private var isAmple = false
    private var slot: Int64 = .min
    private var slotUnits = 0

    private var told = 0
    /// Whether the row may think that something is held here.
    private var owes = false
    private var sequence = 0
    private var asked = 0
    private var wanted = false
    private var sentAt: Instant?
    private var lastSent = Instant.earliest
    private var pause = Self.impatience

    package init(incarnation: Int64 = 0) { self.incarnation = incarnation }

    /// Units that the row does not know of yet, as far as it has answered.
    package var untold: Int { used - told }

    /// Whether the row knows all there is to know of this part.
    package var isSettled: Bool { used == told && !owes && sentAt == nil }

    /// Whether so many units may be admitted; changes nothing.
    ///
    /// All times are of one clock of the node's that never goes back.
    package func hasRoom(for units: Int, at now: Instant) -> Bool {
        if units <= held(at: now) { return true }
        return (isAmple || now >= holdsUntil) && units + unreservedInSlot(at: now) <= Self.unreservedUnits
    }

    /// Admits units, or refuses all of them.
    package mutating func admit(_ units: Int, at now: Instant) -> Bool {
        guard units > 0 else { return true }
        guard hasRoom(for: units, at: now) else { return false }
        if units <= held(at: now) {
            reserved -= units
        } else {
            slotUnits = unreservedInSlot(at: now) + units
            slot = Self.slot(of: now)
            unreserved += units
        }
        used += units
        return true
    }

    /// Counts units that were admitted on other grounds; they are told like others.
    package mutating func count(_ units: Int) {
        used += units
        reserved = max(0, reserved - units)
    }

    /// Whether it is time to tell the row; `waiting`: the units of the calls that wait for a grant; `isOver`: whether the
    /// cell has ended.
    package func isDue(waiting: Int = 0, isOver: Bool = false, at now: Instant) -> Bool {
        if isAwaiting(at: now) { return false }
        if isOver { return !isSettled && now >= lastSent + Self.impatience }
        let held = held(at: now)
        if waiting > held { return now >= lastSent + pause }
        let since = used - told
        if since > 0 { return now >= lastSent + (held < 4 * since ? Self.interval : Self.calm) }
        return owes && now >= max(holdsUntil, lastSent + Self.interval)
    }

    /// What to tell the row now; `nil` if there is nothing to tell, or an answer is awaited.
    ///
    /// `wantsGrant`: not if the node is alone or the cell over; then it only tells. `always`: whether to tell also what
    /// is known, for the sake of the answer. Of the grant twice as much is kept as was used since the last answer, and
    /// half of what is left at least; the rest is let go of here.
    package mutating func report(
        waiting: Int = 0,
        wantsGrant: Bool = true,
        always: Bool = false,
        at now: Instant
    ) -> ReservationReport? {
        let (held, since) = (held(at: now), used - told)
        guard !isAwaiting(at: now), since > 0 || waiting > 0 || owes || always else { return nil }
        wanted = wantsGrant && (since > 0 || waiting > 0)
        reserved = wanted ? min(held, max(2 * since, held - held / 2)) : 0
        asked = wanted ? waiting : 0
        sequence += 1
        sentAt = now
        lastSent = now
        return ReservationReport(
            incarnation: incarnation,
            sequence: sequence,
            used: used,
            kept: reserved,
            needs: asked,
            likes: wanted ? 8 * since : 0
        )
    }

    /// Takes the row's answer; one to an earlier report, or one that comes too late, gives nothing.
    package mutating func granted(_ grant: ReservationGrant, at now: Instant) {
        guard let sentAt, grant.incarnation == incarnation, grant.sequence == sequence else { return }
        self.sentAt = nil
        told = grant.used
        owes = grant.reserved > 0
        guard now < sentAt + Self.life else { return }
        // A node that wanted nothing has no answer to hold on to: its next call is like the first.
        holdsUntil = wanted ? sentAt + Self.life : .earliest
        reserved = max(0, grant.reserved - (used - told))
        isAmple = grant.isAmple
        pause = grant.reserved < asked ? min(pause + pause, Self.interval) : Self.impatience
    }

    /// The report could not be delivered, as far as is known: it is told again.
    package mutating func failed() {
        sentAt = nil
        owes = true
    }

    private func isAwaiting(at now: Instant) -> Bool { sentAt.map { now < $0 + Self.life } ?? false }

    private func held(at now: Instant) -> Int { now < holdsUntil ? reserved : 0 }

    private func unreservedInSlot(at now: Instant) -> Int {
        Self.slot(of: now) == slot ? slotUnits : 0
    }

    private static func slot(of now: Instant) -> Int64 {
        now.microseconds.flooredQuotientAndRemainder(dividingBy: interval.wholeMicroseconds).quotient
    }
}

/// What a node tells the row.
package struct ReservationReport: Hashable, Sendable {
    /// Grows with every part that the node begins for the cell.
    package let incarnation: Int64
    /// Grows with every report of a part.
    package let sequence: Int
    /// Units that the part admitted so far.
    package let used: Int
    /// Units of its grant that it goes on using while it waits for the answer.
    package let kept: Int
    /// Units of calls that wait for a grant.
    package let needs: Int
    /// Units that it would like to have besides; a part that needs and likes nothing holds nothing any more.
    package let likes: Int

    package init(incarnation: Int64 = 0, sequence: Int, used: Int, kept: Int = 0, needs: Int = 0, likes: Int = 0) {
        self.incarnation = incarnation
        self.sequence = sequence
        self.used = used
        self.kept = kept
        self.needs = needs
        self.likes = likes
    }

    var wants: Bool { needs > 0 || likes > 0 }
}

/// What the row answers.
package struct ReservationGrant: Hashable, Sendable {
    /// Which report it answers.
    package let incarnation: Int64
    package let sequence: Int
    /// What the report told.
    package let used: Int
    /// Units that the node may admit beyond those told.
    package let reserved: Int
    /// Whether half of the cell's budget or more is untouched.
    package let isAmple: Bool

    /// The answer to a report.
    package init(_ report: ReservationReport, reserved: Int, isAmple: Bool = false) {
        incarnation = report.incarnation
        sequence = report.sequence
        used = report.used
        self.reserved = reserved
        self.isAmple = isAmple
    }
}
