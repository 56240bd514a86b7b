package import Domain
internal import SQLDatabase
internal import Synchronization

/// How far the database's clock is ahead of this machine's, measured whenever the database says its time (DST-6).
///
/// A measurement that began at `sentAt` and ended at `receivedAt` proves that the distance lies between
/// `database - receivedAt` and `database - sentAt`. What is believed moves only as far as such a proof asks, so that a
/// slow answer never makes the clock jump.
package final class ClockOffset: Sendable {
    private let believed = Mutex(Duration.zero)

    package init() {}

    /// What has to be added to this machine's clock.
    package var current: Duration { believed.withLock { $0 } }

    /// Takes a time the database gave between two readings of this machine's clock.
    package func measured(_ database: Instant, sentAt: Instant, receivedAt: Instant) {
        let least = database - receivedAt
        let most = database - sentAt
        // This machine's clock was set back meanwhile: nothing is proven.
        guard least <= most else { return }
        believed.withLock { $0 = min(max($0, least), most) }
    }
}
