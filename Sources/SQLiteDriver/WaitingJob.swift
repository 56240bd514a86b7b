import SQLDatabase

/// A transaction that waits for a connection.
struct WaitingJob: Sendable {
    /// When waiting ends with a ``DatabaseError/Code/timeout`` if the transaction has not begun.
    let deadline: ContinuousClock.Instant
    /// Whether it may have the room that is set aside for a full disk.
    let isUrgent: Bool
    let work: any PendingWork

    func run(in transaction: borrowing Transaction) throws { try work.run(in: transaction) }

    func answer(_ error: (any Error)?) { work.answer(error) }
}
