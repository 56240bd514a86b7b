internal import Synchronization

/// When the change log was last read with success, on a clock that counts suspension.
package final class PollFreshness: Sendable {
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    package init() {}

    /// Notes a poll that succeeded by the time it began.
    func succeeded(begunAt start: ContinuousClock.Instant) {
        last.withLock { $0 = start }
    }

    /// Whether a poll that succeeded began less than this ago.
    package func isFresh(within limit: Duration) -> Bool {
        last.withLock { $0.map { ContinuousClock.now - $0 < limit } ?? false }
    }
}
