import Synchronization

/// A number that only grows, from any thread, without a lock.
package final class Counter: Sendable {
    private let count = Atomic<UInt64>(0)

    package init() {}

    package var value: UInt64 { count.load(ordering: .relaxed) }

    package func increment(by amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }
}

/// A number that goes up and down.
package final class Gauge: Sendable {
    private let level = Atomic<Int64>(0)

    package init() {}

    package var value: Int64 { level.load(ordering: .relaxed) }

    package func set(_ value: Int64) {
        level.store(value, ordering: .relaxed)
    }

    package func add(_ amount: Int64) {
        level.wrappingAdd(amount, ordering: .relaxed)
    }
}

/// How durations spread over fixed buckets.
package final class Histogram: Sendable {
    /// Upper bounds of the buckets in microseconds; one more bucket takes the rest.
    package let bounds: [Int64]
    private let buckets: [Counter]
    private let total = Counter()

    /// 1 ms to 10 s in steps of about 2.5.
    package static let requestBounds: [Int64] = [
        1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
    ]

    package init(bounds: [Int64] = Histogram.requestBounds) {
        self.bounds = bounds
        buckets = (0...bounds.count).map { _ in Counter() }
    }

    package func observe(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let index = bounds.firstIndex { microseconds <= $0 } ?? bounds.count
        buckets[index].increment()
        total.increment(by: UInt64(max(0, microseconds)))
    }

    /// Observations in each bucket (not cumulated) and the sum of all in microseconds.
    package func snapshot() -> (counts: [UInt64], sumMicroseconds: UInt64) {
        (buckets.map(\.value), total.value)
    }
}
