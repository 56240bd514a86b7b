import SQLDatabase

/// Runs one waiting transaction on a session, on its thread.
struct TransactionRunner {
    /// How often the body may run again after the server chose it to break a deadlock.
    static let retryLimit = 3

    let session: Session
    /// Waits a little before the body runs again.
    let pause: (_ attempt: Int) -> Void

    /// Runs and answers it; answers false if the connection was lost before it began, and it may run on another.
    func run(_ job: WaitingJob) -> Bool {
        for attempt in 0...Self.retryLimit {
            if attempt > 0 { pause(attempt) }
            do throws(ServerFailure) {
                try session.begin(isWritable: job.isWritable)
            } catch {
                if attempt == 0, error.kind == .lost { return false }
                job.answer(ErrorTranslation.translate(error))
                return true
            }
            let (failure, cause) = body(of: job)
            if job.hasLeft, !job.isWritable {
                job.answer(CancellationError())
                return true
            }
            guard cause?.code == .deadlock, attempt < Self.retryLimit, session.isUsable else {
                job.answer(failure)
                return true
            }
        }
        return true
    }

    /// Runs the body to its end; the first failed statement fails the transaction even when the body returns.
    ///
    /// Returns what the caller is told, and the engine's error behind it.
    private func body(of job: WaitingJob) -> (failure: (any Error)?, cause: DatabaseError?) {
        let statements = PostgresConnection(session) { job.hasLeft && !job.isWritable }
        let transaction = Transaction(connection: statements, dialect: .postgres, isWritable: job.isWritable)
        var failure: (any Error)?
        do {
            try job.run(in: transaction)
        } catch {
            failure = error
        }
        if let failure = failure ?? statements.failure {
            session.rollBack()
            return (failure, statements.failure)
        }
        let refusal = commit(job)
        return (refusal, refusal)
    }

    private func commit(_ job: WaitingJob) -> DatabaseError? {
        do throws(ServerFailure) {
            try session.commit()
            return nil
        } catch {
            // A read has what it read, however its transaction ended.
            guard job.isWritable else { return nil }
            guard error.kind == .refused, session.isUsable else {
                return DatabaseError(
                    .connectionLost,
                    """
                    The connection to PostgreSQL was lost during COMMIT: it is unknown whether the transaction was \
                    committed.
                    """,
                    cause: error
                )
            }
            return ErrorTranslation.translate(error)
        }
    }
}
