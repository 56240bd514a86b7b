import CLibpq
import Glibc
import SQLDatabase

/// A descriptor that wakes a thread out of `poll(2)`; any thread may signal it.
final class Wakeup: Sendable {
    private let descriptor: Int32

    init() throws(DatabaseError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else {
            throw DatabaseError(.engine, "No descriptor is left: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func signal() {
        var one: UInt64 = 1
        // It can only fail when it is signalled already.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// What a wait ended with.
    struct Ready: Equatable {
        /// The socket can be read or written, or has ended.
        var socket = false
        var woken = false
    }

    /// Waits until the socket is ready for the events, somebody signals, or the time has come.
    func wait(for socket: Int32 = -1, events: Int32 = POLLIN, until end: ContinuousClock.Instant? = nil) -> Ready {
        var descriptors = [
            pollfd(fd: socket, events: Int16(events), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, Self.milliseconds(until: end)) > 0 else { return Ready() }
        let woken = descriptors[1].revents != 0
        if woken {
            var count: UInt64 = 0
            _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
        }
        return Ready(socket: descriptors[0].revents != 0, woken: woken)
    }

    /// Rounded up, so that a wait never ends before its time.
    private static func milliseconds(until end: ContinuousClock.Instant?) -> Int32 {
        guard let end else { return -1 }
        let left = end - .now
        guard left > .zero else { return 0 }
        return Int32(clamping: left.wholeMilliseconds + 1)
    }
}
