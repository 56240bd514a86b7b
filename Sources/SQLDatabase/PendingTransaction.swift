internal import Synchronization

/// A transaction that somebody waits for, without the type of its answer.
package protocol PendingWork: Sendable {
    /// Runs the body and keeps what it returns; a driver may run it again before it answers.
    func run(in transaction: borrowing Transaction) throws

    /// Answers the caller, once: with what the body returned last, or with the error.
    func answer(_ error: (any Error)?)
}

/// A transaction's body and who waits for what it returns; drivers put it into their queues.
package final class PendingTransaction<Answer: Sendable>: PendingWork {
    private let body: @Sendable (borrowing Transaction) throws -> Answer
    private let continuation: CheckedContinuation<Answer, any Error>
    private let result = Mutex<Answer?>(nil)

    package init(
        answering continuation: CheckedContinuation<Answer, any Error>,
        body: @escaping @Sendable (borrowing Transaction) throws -> Answer
    ) {
        self.body = body
        self.continuation = continuation
    }

    package func run(in transaction: borrowing Transaction) throws {
        let answer = try body(transaction)
        result.withLock { $0 = answer }
    }

    package func answer(_ error: (any Error)?) {
        if let error {
            continuation.resume(throwing: error)
        } else if let answer = result.withLock({ $0 }) {
            continuation.resume(returning: answer)
        } else {
            continuation.resume(throwing: DatabaseError(.engine, "A transaction was answered before it ran."))
        }
    }
}
