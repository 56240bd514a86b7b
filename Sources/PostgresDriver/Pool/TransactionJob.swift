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

/// A transaction that waits for a connection, without the type of its answer.
protocol WaitingJob: Sendable {
    /// Whether it may change anything; then it runs to its end once it has begun.
    var isWritable: Bool { get }
    /// Whether nobody waits for the answer any more.
    var hasLeft: Bool { get }

    /// Runs the body and keeps what it returns.
    func run(in transaction: borrowing Transaction) throws

    /// Answers the caller: with what the body returned, or with the error.
    func answer(_ error: (any Error)?)
}

/// A transaction that waits for a connection.
final class TransactionJob<Answer: Sendable>: WaitingJob {
    let isWritable: Bool
    private let caller: Caller
    private let body: @Sendable (borrowing Transaction) throws -> Answer
    private let continuation: CheckedContinuation<Answer, any Error>
    private let result = Mutex<Answer?>(nil)

    init(
        isWritable: Bool,
        caller: Caller,
        continuation: CheckedContinuation<Answer, any Error>,
        body: @escaping @Sendable (borrowing Transaction) throws -> Answer
    ) {
        self.isWritable = isWritable
        self.caller = caller
        self.continuation = continuation
        self.body = body
    }

    var hasLeft: Bool { caller.hasLeft }

    func run(in transaction: borrowing Transaction) throws {
        let answer = try body(transaction)
        result.withLock { $0 = answer }
    }

    func answer(_ error: (any Error)?) {
        if let error {
            continuation.resume(throwing: error)
        } else if let answer = result.withLock({ $0 }) {
            continuation.resume(returning: answer)
        } else {
            continuation.resume(throwing: DatabaseError(.engine, "A transaction was answered before it ran."))
        }
    }
}
