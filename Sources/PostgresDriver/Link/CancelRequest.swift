import CLibpq
import Synchronization

/// Asks the server to break off what a connection is running.
///
/// `PQcancel` opens a connection of its own and was seen to hang for more than 8 s on a stopped server, so it runs on a
/// spare thread and nobody waits for it longer than ``ServerLink/interruptionLimit``.
final class CancelRequest: Sendable {
    /// The address of a `PGcancel`, which libpq lets any thread use.
    private let address: UInt
    private let done = Atomic(false)

    /// Takes over what `PQgetCancel` answered.
    init(_ handle: OpaquePointer) {
        address = UInt(bitPattern: handle)
    }

    deinit { PQfreeCancel(OpaquePointer(bitPattern: address)) }

    /// Whether `PQcancel` has returned: the server has sent its signal, or never will.
    var isDone: Bool { done.load(ordering: .acquiring) }

    /// Starts; `wakeup` is signalled when it is done.
    func send(on threads: SpareThreads, wakeup: Wakeup) {
        _ = threads.run { [self] in
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(OpaquePointer(bitPattern: address), &message, Int32(message.count))
            done.store(true, ordering: .releasing)
            wakeup.signal()
        }
    }
}
