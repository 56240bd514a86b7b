internal import Domain
internal import Synchronization

/// The conflicts that this node logged today, so that a token in a loop doesn't make a write of each request.
///
/// Bounded: behind ``maximumEntries`` the store is asked each time.
final class ConflictNotes: Sendable {
    private struct Entry: Hashable {
        let token: CredentialID
        let permission: Permission
    }

    private struct Day {
        var number: Int64 = 0
        var entries: Set<Entry> = []
    }

    static let maximumEntries = 10_000

    private let today = Mutex(Day())

    /// Whether nobody asked for this token, permission and day before, as far as is remembered.
    func isDue(_ token: CredentialID, _ permission: Permission, day: Int64) -> Bool {
        today.withLock { today in
            if today.number != day { today = Day(number: day) }
            guard today.entries.count < Self.maximumEntries else {
                return !today.entries.contains(Entry(token: token, permission: permission))
            }
            return today.entries.insert(Entry(token: token, permission: permission)).inserted
        }
    }
}
