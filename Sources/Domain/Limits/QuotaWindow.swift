/// Counts units in a calendar month (UTC), exactly.
///
/// A clock that is set back over the end of a month by a day at most goes on counting for the later month. One set back
/// further was wrong before: the month that holds gets all that was counted in this one and the one before, so that a
/// quota is never had twice.
package struct QuotaWindow: Hashable, Sendable {
    private var start: Int64 = 0
    private var end: Int64 = 0
    private var used = 0
    private var previous = 0
    /// The highest threshold that was raised in this month.
    private(set) var raised: QuotaThreshold?

    package init() {}

    /// The month that is counted: its first instant and that of the next.
    package mutating func period(at now: Instant) -> Range<Instant> {
        roll(to: now)
        return Instant(microseconds: start)..<Instant(microseconds: end)
    }

    package mutating func used(at now: Instant) -> Int {
        roll(to: now)
        return used
    }

    /// Replaces what was counted in this month; thresholds that were raised stay raised.
    package mutating func restate(used units: Int, at now: Instant) {
        roll(to: now)
        used = units
    }

    /// Counts units that were admitted, and answers the threshold that they reached for the first time in the month.
    package mutating func add(_ units: Int, quota: Int?, at now: Instant) -> QuotaThreshold? {
        roll(to: now)
        used += units
        guard units > 0, let quota, let reached = QuotaThreshold.reached(used: used, quota: quota) else { return nil }
        if let raised, raised >= reached { return nil }
        raised = reached
        return reached
    }

    /// When so many units will find room beneath the quota; `nil` if never.
    package mutating func room(for units: Int, quota: Int, at now: Instant) -> Instant? {
        guard units <= quota else { return nil }
        roll(to: now)
        return used + units <= quota ? now : Instant(microseconds: end)
    }

    private static let tolerance = Duration.days(1).wholeMicroseconds

    private mutating func roll(to now: Instant) {
        let now = now.microseconds
        if now >= start, now < end { return }
        if now < start, end > start, start - now <= Self.tolerance { return }
        if now < start {
            used += previous
            previous = 0
        } else {
            previous = now < end + Duration.days(31).wholeMicroseconds ? used : 0
            used = 0
            raised = nil
        }
        (start, end) = Self.month(of: now)
    }

    private static func month(of microseconds: Int64) -> (start: Int64, end: Int64) {
        let day = Duration.days(1).wholeMicroseconds
        let date = CivilDate(daysSince1970: microseconds.flooredQuotientAndRemainder(dividingBy: day).quotient)
        let next = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
        let first = CivilDate(year: date.year, month: date.month, day: 1)
        let last = CivilDate(year: next.0, month: next.1, day: 1)
        return ((first?.daysSince1970 ?? 0) * day, (last?.daysSince1970 ?? 0) * day)
    }
}

/// The shares of a quota at which its owner is warned (LIM-3).
package enum QuotaThreshold: Int, CaseIterable, Comparable, Sendable {
    case eighty = 80
    case ninetyFive = 95
    case full = 100

    package static func < (left: QuotaThreshold, right: QuotaThreshold) -> Bool { left.rawValue < right.rawValue }

    /// The highest threshold that is reached; none of a quota of nothing.
    package static func reached(used: Int, quota: Int) -> QuotaThreshold? {
        guard quota > 0, used > 0 else { return nil }
        if used >= quota { return .full }
        // Figures are at most 10¹², so that nothing can overflow.
        let hundredfold = used * 100
        if hundredfold >= quota * 95 { return .ninetyFive }
        return hundredfold >= quota * 80 ? .eighty : nil
    }
}
