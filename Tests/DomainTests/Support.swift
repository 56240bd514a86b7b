import Synchronization

/// A counter that several closures may hold.
final class Counter: Sendable {
    private let value = Mutex(0)

    /// Answers the number before, and goes on by this many.
    func take(_ count: Int) -> Int {
        value.withLock { value in
            defer { value += count }
            return value
        }
    }
}
