/// How long to wait before the next attempt: 1 s doubling to 60 s, ±20 %, never sooner than the server asked.
package struct Backoff: Sendable {
    package let first: Duration
    package let limit: Duration
    /// Longest `Retry-After` that is honoured: a wrong header must not silence an agent for days.
    package static let longestRetryAfter: Duration = .seconds(3_600)

    private var failures = 0

    package init(first: Duration = .seconds(1), limit: Duration = .seconds(60)) {
        self.first = first
        self.limit = limit
    }

    /// The wait before the next attempt.
    ///
    /// `chance` is a random number in 0..<1.
    package mutating func next(chance: Double, retryAfter: Duration? = nil) -> Duration {
        let factor = failures < 16 ? 1 << failures : 1 << 16
        failures += 1
        return Self.wait(min(first * factor, limit), chance: chance, retryAfter: retryAfter)
    }

    /// The wait after a close that asks for a long one: never less than the limit.
    package func long(chance: Double, retryAfter: Duration? = nil) -> Duration {
        max(limit, Self.wait(limit, chance: 0.5 + chance / 2, retryAfter: retryAfter))
    }

    /// The server was reached: the next failure counts as the first.
    package mutating func reset() { failures = 0 }

    private static func wait(_ base: Duration, chance: Double, retryAfter: Duration?) -> Duration {
        let jittered = base * (0.8 + 0.4 * min(max(chance, 0), 1))
        return max(jittered, min(retryAfter ?? .zero, longestRetryAfter))
    }
}
