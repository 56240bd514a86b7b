import Dispatch

/// Holds a database thread until the test opens it.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let arrival = AsyncStream.makeStream(of: Void.self)

    /// Called on the database's thread: says that it is there and waits.
    func wait() {
        arrival.continuation.yield()
        semaphore.wait()
    }

    /// Returns when a thread waits.
    func reached() async {
        for await _ in arrival.stream { break }
    }

    func open() {
        semaphore.signal()
    }
}
