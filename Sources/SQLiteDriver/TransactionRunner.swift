import GRDB
import SQLDatabase

/// Runs waiting transactions on one connection, on its thread.
enum TransactionRunner {
    /// Runs one transaction that can't write.
    static func read(_ job: WaitingJob, on connection: GRDB.Database) {
        job.answer(alone(job, on: connection, begin: "BEGIN DEFERRED", isWritable: false))
    }

    /// The same on the one connection in memory, which is told not to write for as long as the transaction lasts.
    static func readInMemory(_ job: WaitingJob, on connection: GRDB.Database) {
        if let refusal = execute("PRAGMA query_only = 1", on: connection) { return job.answer(refusal) }
        let failure = alone(job, on: connection, begin: "BEGIN DEFERRED", isWritable: false)
        job.answer(execute("PRAGMA query_only = 0", on: connection) ?? failure)
    }

    /// Runs write transactions one after the other, each in a savepoint, and commits them together.
    ///
    /// Nobody is answered with success before the commit. An error in one rolls back only its own savepoint. A commit
    /// that fails, fails all; so does an error at which SQLite gives up the whole transaction (a full disk): what had
    /// run before it is lost with it, what comes after it gets a transaction of its own. An urgent transaction that
    /// found the disk full runs again by itself with the reserve given up.
    static func write(_ jobs: [WaitingJob], on connection: GRDB.Database, reserve: DiskReserve) {
        var jobs = jobs
        if !reserve.allowsOrdinaryWrites() {
            let refusal = SQLDatabase.DatabaseError(.diskFull, "The disk is full; what is left is for urgent changes.")
            for job in jobs where !job.isUrgent { job.answer(refusal) }
            jobs.removeAll { !$0.isUrgent }
        }
        for (job, failure) in outcomes(of: jobs, on: connection) {
            if job.isUrgent, let failure = failure as? SQLDatabase.DatabaseError, failure.code == .diskFull,
                reserve.giveUp()
            {
                job.answer(alone(job, on: connection, begin: "BEGIN IMMEDIATE", isWritable: true))
            } else {
                job.answer(failure)
            }
        }
    }

    private typealias Outcome = (job: WaitingJob, failure: (any Error)?)

    private static func outcomes(of jobs: [WaitingJob], on connection: GRDB.Database) -> [Outcome] {
        guard jobs.count > 1 else {
            return jobs.map { ($0, alone($0, on: connection, begin: "BEGIN IMMEDIATE", isWritable: true)) }
        }
        if let refusal = execute("BEGIN IMMEDIATE", on: connection) { return jobs.map { ($0, refusal) } }
        var outcomes: [Outcome] = []
        for (index, job) in jobs.enumerated() {
            let failure = inSavepoint(job, on: connection)
            guard connection.isInsideTransaction else {
                let loss = ErrorTranslation.translate(
                    failure ?? SQLDatabase.DatabaseError(.engine, "The transaction was lost.")
                )
                return outcomes.map { ($0.job, $0.failure ?? loss) } + [(job, loss)]
                    + Self.outcomes(of: Array(jobs[(index + 1)...]), on: connection)
            }
            outcomes.append((job, failure))
        }
        guard let failure = commit(connection) else { return outcomes }
        return outcomes.map { ($0.job, $0.failure ?? failure) }
    }

    private static func alone(
        _ job: WaitingJob,
        on connection: GRDB.Database,
        begin: String,
        isWritable: Bool
    ) -> (any Error)? {
        if let refusal = execute(begin, on: connection) { return refusal }
        if let failure = body(of: job, on: connection, isWritable: isWritable) {
            rollBack(connection)
            return failure
        }
        return commit(connection)
    }

    private static func inSavepoint(_ job: WaitingJob, on connection: GRDB.Database) -> (any Error)? {
        if let refusal = execute("SAVEPOINT job", on: connection) { return refusal }
        guard let failure = body(of: job, on: connection, isWritable: true) else {
            return execute("RELEASE job", on: connection)
        }
        guard connection.isInsideTransaction else { return failure }
        if execute("ROLLBACK TO job", on: connection) != nil || execute("RELEASE job", on: connection) != nil {
            // A savepoint that can't be rolled back must not be committed with the others.
            rollBack(connection)
        }
        return failure
    }

    /// Runs the body; the first failed statement fails the transaction even when the body goes on and returns.
    private static func body(
        of job: WaitingJob,
        on connection: GRDB.Database,
        isWritable: Bool
    ) -> (any Error)? {
        let statements = SQLiteConnection(connection)
        let transaction = Transaction(connection: statements, dialect: .sqlite, isWritable: isWritable)
        do {
            try job.run(in: transaction)
        } catch {
            return error
        }
        return statements.failure
    }

    private static func commit(_ connection: GRDB.Database) -> SQLDatabase.DatabaseError? {
        let failure = execute("COMMIT", on: connection)
        if failure != nil { rollBack(connection) }
        return failure
    }

    private static func rollBack(_ connection: GRDB.Database) {
        guard connection.isInsideTransaction else { return }
        // SQLite may have rolled back by itself between the question and the statement; that is as good.
        _ = execute("ROLLBACK", on: connection)
    }

    private static func execute(_ text: String, on connection: GRDB.Database) -> SQLDatabase.DatabaseError? {
        do {
            try connection.cachedStatement(sql: text).execute()
            return nil
        } catch {
            return ErrorTranslation.translate(error)
        }
    }
}
