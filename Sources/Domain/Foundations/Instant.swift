/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// It is what the store keeps in its `BIGINT` columns. Arithmetic saturates at ``earliest`` and ``latest``, so that no
/// setting and no clock can bring a process down.
package struct Instant: Hashable, Comparable, Sendable {
    package let microseconds: Int64

    /// 0001-01-01T00:00:00Z, the earliest instant RFC 3339 and this type both can tell.
    package static let earliest = Instant(unchecked: -62_135_596_800_000_000)

    /// 9999-12-31T23:59:59.999999Z, the latest instant RFC 3339 can tell.
    package static let latest = Instant(unchecked: 253_402_300_799_999_999)

    /// An instant, moved to ``earliest`` or ``latest`` if it lies outside.
    package init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.earliest.microseconds), Self.latest.microseconds)
    }

    private init(unchecked microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, overflow) = instant.microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        guard overflow else { return Instant(microseconds: sum) }
        return duration < .zero ? .earliest : .latest
    }

    package static func - (instant: Instant, duration: Duration) -> Instant {
        let (difference, overflow) = instant.microseconds.subtractingReportingOverflow(duration.wholeMicroseconds)
        guard overflow else { return Instant(microseconds: difference) }
        return duration < .zero ? .latest : .earliest
    }

    package static func - (left: Instant, right: Instant) -> Duration {
        .microseconds(left.microseconds - right.microseconds)
    }

    package static func += (instant: inout Instant, duration: Duration) {
        instant = instant + duration
    }
}

extension Duration {
    /// The duration in microseconds, rounded towards zero, saturating at the ends of `Int64`.
    package var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard !carried else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// The duration in seconds, rounded up, as `Retry-After` and like fields want it.
    package var secondsRoundedUp: Int64 {
        let (seconds, attoseconds) = components
        return attoseconds > 0 && seconds < .max ? seconds + 1 : seconds
    }

    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    package static func hours(_ count: Int) -> Duration { .seconds(count * 3600) }
    package static func days(_ count: Int) -> Duration { .seconds(count * 86400) }
}
