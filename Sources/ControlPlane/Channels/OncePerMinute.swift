internal import Domain
internal import Synchronization

/// Lets something happen once per key and minute, with a bounded memory: what strangers can repeat at will must not
/// cost a row each time (AUD-1).
final class OncePerMinute<Key: Hashable & Sendable>: Sendable {
    /// Keys remembered at most; beyond it all are forgotten.
    private static var bound: Int { 10_000 }

    private let last = Mutex<[Key: Instant]>([:])

    /// Whether it is this key's turn; if so, its minute begins now.
    func isDue(_ key: Key, at now: Instant) -> Bool {
        last.withLock { last in
            if let begun = last[key], now - begun < .seconds(60) { return false }
            if last.count >= Self.bound { last = last.filter { now - $0.value < .seconds(60) } }
            if last.count >= Self.bound { last.removeAll() }
            last[key] = now
            return true
        }
    }
}
