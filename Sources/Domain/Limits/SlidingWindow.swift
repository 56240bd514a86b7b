/// Counts units in a sliding window by two fixed cells, each as long as the window.
///
/// Cells begin at multiples of the window's length since 1970. At `e` into the current cell the window is taken to hold
///
///     current + ⌈previous × (length − e) / length⌉
///
/// units: exactly right, but for less than one unit, if the units of the previous cell lay evenly in it.
///
/// **Worst case.** The estimate is below the true sliding count by at most ⌊previous × e / length⌋ (all of the previous
/// cell at its end). So a limit of L admits at most L + ⌊L × e / length⌋, always less than 2 L, in any stretch of the
/// window's length, and never more than L in one cell. It is above the true count by at most
/// ⌈previous × (length − e) / length⌉ (all of the previous cell at its beginning): whoever is refused by that waits at
/// most as long as the cell lasts. `SlidingWindowTests` hold both against an exact log, and reach 2 L − 1.
///
/// **Clock.** A clock that goes back within the current cell only makes the estimate higher. One that goes back before
/// it takes all units along as if they had just been used: nothing is given away, and after at most two lengths
/// everything is free again.
package struct SlidingWindow: Hashable, Sendable {
    /// The window's length in microseconds.
    package let length: Int64
    private var start: Int64 = 0
    private var current = 0
    private var previous = 0

    package init(length: Duration) {
        self.length = max(1, length.wholeMicroseconds)
    }

    /// The estimated number of units in the window that ends now.
    package mutating func used(at now: Instant) -> Int {
        let elapsed = roll(to: now)
        guard previous > 0 else { return current }
        return current + scaledUp(previous, by: length - elapsed)
    }

    /// Counts units that were admitted.
    package mutating func add(_ units: Int, at now: Instant) {
        _ = roll(to: now)
        current += units
    }

    /// When so many units will find room beneath the limit if nobody else takes any; `nil` if never.
    package mutating func room(for units: Int, limit: Int, at now: Instant) -> Instant? {
        guard units <= limit else { return nil }
        let elapsed = roll(to: now)
        let spare = limit - current - units
        if spare >= 0, let wait = moment(when: previous, leaves: spare), max(wait, elapsed) < length {
            return Instant(microseconds: start + max(wait, elapsed))
        }
        // In the next cell the current one is the previous, and behind that both are empty.
        let wait = moment(when: current, leaves: limit - units) ?? length
        return Instant(microseconds: start + length + wait)
    }

    /// How far into a cell its previous cell's units weigh at most `spare`; `nil` if not before the cell's end.
    private func moment(when units: Int, leaves spare: Int) -> Int64? {
        if units <= spare { return 0 }
        guard spare > 0 else { return nil }
        let (high, low) = UInt64(spare).multipliedFullWidth(by: UInt64(length))
        return length - Int64(UInt64(units).dividingFullWidth((high, low)).quotient)
    }

    /// Units × part / length, rounded up.
    private func scaledUp(_ units: Int, by part: Int64) -> Int {
        let (high, low) = UInt64(units).multipliedFullWidth(by: UInt64(part))
        let (quotient, remainder) = UInt64(length).dividingFullWidth((high, low))
        return Int(quotient) + (remainder > 0 ? 1 : 0)
    }

    /// Moves the cells to where the clock is, and answers how far into the current one it is.
    private mutating func roll(to now: Instant) -> Int64 {
        let elapsed = now.microseconds - start
        if elapsed >= 0, elapsed < length { return elapsed }
        let inCell = now.microseconds.flooredQuotientAndRemainder(dividingBy: length).remainder
        if elapsed < 0 {
            current += previous
            previous = 0
        } else {
            previous = elapsed < 2 * length ? current : 0
            current = 0
        }
        start = now.microseconds - inCell
        return inCell
    }
}
