/// One node's part in a limit that several nodes share: the node's side, for one subject, limit and cell (LIM-4).
///
/// All nodes share one row per subject and cell, ``ReservationRow``. Every 100 ms a node that used the subject tells the
/// row how much it has admitted in this cell so far, and is granted a part of what is left. Between two exchanges it
/// admits from its part without asking anybody. A node that was granted nothing, because others hold what is left,
/// asks again after 25 ms.
///
/// **Bound.** Let the limit be L. The row grants so that *told + granted and not yet told ≤ L*, over all nodes. A node
/// admits beyond its grant only while it has no answer that holds (a grant holds for 1 s from when it was asked for):
/// then at most 2 units in 100 ms. It lets go of what it gives back when it asks, not when it is answered, so that no
/// unit is in two hands while a message is under way. What it tells is the sum since the cell's beginning: a message
/// that is lost, late or doubled changes nothing. Hence never more is admitted than
///
///     L + 2 × nodes × (tenths of a second without an answer)
///
/// which is inside LIM-4's bound and leaves its 5 % unused. In rows that return what silent nodes hold
/// (``ReservationRow/Lapse``) a crash adds what the node admitted and never told: less than 1 s of its calls.
///
/// **Under-use.** A node that alone uses the subject is granted all that is left, and lets half of it go for as long as
/// an exchange takes; one that stops gives its part back at its second exchange. So traffic that moves finds units
/// within 200 ms.
package struct LimitReservations: Hashable, Sendable {
    /// How often a node asks.
    package static let interval = Duration.milliseconds(100)
    /// How soon it asks again if others hold all that is left.
    package static let impatience = Duration.milliseconds(25)
    /// How long a grant holds, from when it was asked for.
    package static let life = Duration.seconds(1)
    /// What a node without an answer that holds may admit in each interval.
    package static let unreservedUnits = 2

    /// Units admitted in this cell.
    package private(set) var used = 0
    /// Of them, those that no grant covered.
    package private(set) var unreserved = 0
    private var reserved = 0
    private var holdsUntil = Instant.earliest
    private var isAlone = false
    private var slot: Int64 = .min
    private var slotUnits = 0

    private var told = 0
    private var wasRefused = false
    private var sequence = 0
    private var sentAt: Instant?
    private var nextReport = Instant.earliest
    private var usedOfKept = 0

    package init() {}

    /// Whether so many units may be admitted; changes nothing.
    ///
    /// All times are of one clock of the node's that never goes back.
    package func hasRoom(for units: Int, at now: Instant) -> Bool {
        now < holdsUntil ? units <= reserved : units + unreservedInSlot(at: now) <= Self.unreservedUnits
    }

    /// Admits units, or refuses all of them.
    package mutating func admit(_ units: Int, at now: Instant) -> Bool {
        guard units > 0 else { return true }
        guard hasRoom(for: units, at: now) else {
            wasRefused = true
            return false
        }
        used += units
        if now < holdsUntil {
            reserved -= units
            usedOfKept += units
        } else {
            slotUnits = unreservedInSlot(at: now) + units
            slot = Self.slot(of: now)
            unreserved += units
        }
        return true
    }

    /// Counts units that a node admitted on its own, because it was alone; they are told like others.
    package mutating func count(_ units: Int) {
        used += units
        reserved = max(0, reserved - units)
        usedOfKept += units
    }

    /// What to tell the row now; `nil` if there is nothing to tell, an answer is awaited, or it is too early.
    ///
    /// It may be asked as often as one likes, and should be every 25 ms. Of the grant as much is kept as was used since
    /// the last answer, or half if no other node uses the subject; the rest is let go of here.
    package mutating func report(at now: Instant) -> ReservationReport? {
        guard now >= nextReport else { return nil }
        if let sentAt, now < sentAt + Self.life { return nil }
        if now >= holdsUntil { reserved = 0 }
        let since = used - told
        guard since > 0 || reserved > 0 || wasRefused else { return nil }
        let wants = since > 0 || wasRefused
        if wants {
            reserved = min(reserved, max(since, isAlone ? reserved - reserved / 2 : 0))
        } else {
            reserved = 0
        }
        sequence += 1
        sentAt = now
        nextReport = now + Self.interval
        wasRefused = false
        usedOfKept = 0
        return ReservationReport(sequence: sequence, used: used, kept: reserved, wants: wants)
    }

    /// Takes the row's answer; one to an earlier report, or one that comes too late, gives nothing.
    package mutating func granted(_ grant: ReservationGrant, at now: Instant) {
        guard let sentAt, grant.sequence == sequence else { return }
        self.sentAt = nil
        told = grant.used
        guard now < sentAt + Self.life else { return }
        reserved = max(0, grant.reserved - usedOfKept)
        holdsUntil = sentAt + Self.life
        isAlone = grant.sharers == 1
        if reserved == 0, grant.left > 0 { nextReport = sentAt + Self.impatience }
    }

    private func unreservedInSlot(at now: Instant) -> Int {
        Self.slot(of: now) == slot ? slotUnits : 0
    }

    private static func slot(of now: Instant) -> Int64 {
        now.microseconds / interval.wholeMicroseconds
    }
}

/// What a node tells the row.
package struct ReservationReport: Hashable, Sendable {
    /// Grows with every report of a node in a cell.
    package let sequence: Int
    /// Units the node admitted in this cell so far.
    package let used: Int
    /// Units of its grant that it goes on using while it waits for the answer.
    package let kept: Int
    /// Whether it wants to go on; if not, it holds nothing any more.
    package let wants: Bool

    package init(sequence: Int, used: Int, kept: Int, wants: Bool) {
        self.sequence = sequence
        self.used = used
        self.kept = kept
        self.wants = wants
    }
}

/// What the row answers.
package struct ReservationGrant: Hashable, Sendable {
    package let sequence: Int
    /// What the report told.
    package let used: Int
    /// Units that the node may admit beyond those told.
    package let reserved: Int
    /// Units of the cell that nobody has told of yet.
    package let left: Int
    /// How many nodes share them.
    package let sharers: Int

    package init(sequence: Int, used: Int, reserved: Int, left: Int, sharers: Int) {
        self.sequence = sequence
        self.used = used
        self.reserved = reserved
        self.left = left
        self.sharers = sharers
    }
}
