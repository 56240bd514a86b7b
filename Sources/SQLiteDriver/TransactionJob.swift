import SQLDatabase
import Synchronization

/// A transaction that waits for a connection, without the type of its answer.
protocol WaitingJob: AnyObject, Sendable {
    /// When waiting ends with a ``DatabaseError/Code/timeout`` if the transaction has not begun.
    var deadline: ContinuousClock.Instant { get }
    /// Whether it may have the room that is set aside for a full disk.
    var isUrgent: Bool { get }

    /// Runs the body and keeps what it returns.
    func run(in transaction: borrowing Transaction) throws

    /// Answers the caller: with what the body returned, or with the error.
    func answer(_ error: (any Error)?)
}

/// A transaction that waits for a connection.
final class TransactionJob<Answer: Sendable>: WaitingJob {
    let deadline: ContinuousClock.Instant
    let isUrgent: Bool
    private let body: @Sendable (borrowing Transaction) throws -> Answer
    private let continuation: CheckedContinuation<Answer, any Error>
    private let result = Mutex<Answer?>(nil)

    init(
        deadline: ContinuousClock.Instant,
        isUrgent: Bool,
        continuation: CheckedContinuation<Answer, any Error>,
        body: @escaping @Sendable (borrowing Transaction) throws -> Answer
    ) {
        self.deadline = deadline
        self.isUrgent = isUrgent
        self.continuation = continuation
        self.body = body
    }

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
