internal import Synchronization

/// How far this node follows the change log, on a clock that counts suspension.
package final class FollowerStatus: Sendable {
    private struct State {
        var last: ContinuousClock.Instant?
        /// The last poll that succeeded, whether it came to the end of the log or not.
        var lastLook: ContinuousClock.Instant?
        var entries: Int64 = 0
        var low: Int64 = 0
        var width: Int64 = 0
        var mustLookAtEverything = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Notes a poll that succeeded, by the time it began, and what it found.
    ///
    /// `isComplete`: whether it came to the end of the log; one that did not makes nothing fresh.
    package func succeeded(
        begunAt start: ContinuousClock.Instant,
        entries: Int = 0,
        low: Int64 = 0,
        width: Int64 = 0,
        isComplete: Bool = true
    ) {
        state.withLock { state in
            state.lastLook = start
            if isComplete { state.last = start }
            state.entries += Int64(entries)
            state.low = low
            state.width = width
        }
    }

    /// Whether a poll that came to the end of the log began less than this ago.
    package func isFresh(within limit: Duration) -> Bool {
        lag.map { $0 < limit } ?? false
    }

    /// How long ago the last poll began that came to the end of the log; `nil` before the first.
    package var lag: Duration? { state.withLock { $0.last }.map { ContinuousClock.now - $0 } }

    /// How long ago the last poll began that read anything at all; `nil` before the first.
    var silence: Duration? { state.withLock { $0.lastLook }.map { ContinuousClock.now - $0 } }

    /// How many entries were read since the start.
    package var entries: Int64 { state.withLock { $0.entries } }

    /// Up to where everything is read: a sequence on SQLite, a transaction's number on PostgreSQL.
    package var low: Int64 { state.withLock { $0.low } }

    /// How many transactions are looked at again with every poll, because an older one has not ended.
    package var windowWidth: Int64 { state.withLock { $0.width } }

    /// Entries may have been trimmed before this node read them: everything counts as changed.
    package func lookAtEverything() {
        state.withLock { $0.mustLookAtEverything = true }
    }

    func takeLookAtEverything() -> Bool {
        state.withLock { state in
            defer { state.mustLookAtEverything = false }
            return state.mustLookAtEverything
        }
    }
}
