import Dispatch

/// Holds a database thread until the test opens it.
package final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let arrival = AsyncStream.makeStream(of: Void.self)

    package init() {}

    /// Called on the database's thread: says that it is there and waits.
    package func wait() {
        arrival.continuation.yield()
        semaphore.wait()
    }

    /// Returns when a thread waits.
    package func reached() async {
        for await _ in arrival.stream { break }
    }

    package func open() {
        semaphore.signal()
    }
}
