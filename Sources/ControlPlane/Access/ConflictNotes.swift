package import Domain
internal import Synchronization

/// The conflicts that this node logged today, so that a token in a loop doesn't make a write of each request.
///
/// Bounded: behind ``maximumEntries`` the store is asked ``maximumBeyond`` times a second, whoever makes conflicts.
package final class ConflictNotes: Sendable {
    private struct Entry: Hashable {
        let token: CredentialID
        let permission: Permission
    }

    private struct Day {
        var number: Int64 = 0
        var entries: Set<Entry> = []
        /// How often the store was asked in this second for what isn't remembered.
        var beyond = (second: Int64(0), count: 0)
    }

    package static let maximumEntries = 10_000
    package static let maximumBeyond = 20
    private static let second: Int64 = 1_000_000

    private let today = Mutex(Day())

    package init() {}

    /// Whether nobody asked for this token, permission and day before, as far as is remembered.
    package func isDue(_ token: CredentialID, _ permission: Permission, at now: Instant) -> Bool {
        today.withLock { today in
            let day = now.conflictDay
            if today.number != day { today = Day(number: day) }
            let entry = Entry(token: token, permission: permission)
            guard today.entries.count >= Self.maximumEntries else { return today.entries.insert(entry).inserted }
            guard !today.entries.contains(entry) else { return false }
            let second = now.microseconds / Self.second
            if today.beyond.second != second { today.beyond = (second, 0) }
            today.beyond.count += 1
            return today.beyond.count <= Self.maximumBeyond
        }
    }
}

extension Instant {
    /// The day (UTC) under which conflicts of rights are noted once.
    var conflictDay: Int64 { microseconds / 86_400_000_000 }
}
