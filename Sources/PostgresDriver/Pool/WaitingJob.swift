import SQLDatabase
import Synchronization

/// Who waits for a transaction, and whether they have gone.
final class Caller: Sendable {
    let id: UInt64
    private let gone = Atomic(false)

    init(id: UInt64) {
        self.id = id
    }

    var hasLeft: Bool { gone.load(ordering: .acquiring) }

    func leave() { gone.store(true, ordering: .releasing) }
}

/// A transaction that waits for a connection.
struct WaitingJob: Sendable {
    /// Whether it may change anything; then it runs to its end once it has begun.
    let isWritable: Bool
    let caller: Caller
    let work: any PendingWork

    /// Whether nobody waits for the answer any more.
    var hasLeft: Bool { caller.hasLeft }

    func run(in transaction: borrowing Transaction) throws { try work.run(in: transaction) }

    func answer(_ error: (any Error)?) { work.answer(error) }
}
