import Dispatch
import SQLDatabase
import Synchronization

/// The transactions that wait for one of a few connections: bounded, each with a deadline.
///
/// A connection is either idle or draining. Handing over a job and going idle are decided under one lock, so that no
/// job is left behind.
final class JobQueue: Sendable {
    private struct State {
        var waiting: [WaitingJob] = []
        var idle: [Int]
        /// Since when each connection that is not idle has been at what it is at.
        var busySince: [Int: ContinuousClock.Instant] = [:]
        var isClosed = false
        var isTimerArmed = false
    }

    private let state: Mutex<State>
    private let limit: Int
    private let watch: Watch?

    /// How long a job may run, and how its connection is made to break off.
    struct Watch: Sendable {
        let limit: Duration
        let breakOff: @Sendable (Int) -> Void
    }

    /// Takes how many connections there are and how many jobs may wait.
    init(connections: Int, limit: Int, watch: Watch? = nil) {
        self.limit = limit
        self.watch = watch
        self.state = Mutex(State(idle: Array(0..<connections)))
    }

    /// Lets a job wait; returns the idle connection that has to start draining, if there is one.
    func submit(_ job: WaitingJob) throws(DatabaseError) -> Int? {
        let (connection, refusal, mustArm) = state.withLock { state -> (Int?, DatabaseError?, Bool) in
            if state.isClosed { return (nil, DatabaseError(.closed, "The database is closed."), false) }
            if state.waiting.count >= limit {
                return (nil, DatabaseError(.overloaded, "\(limit) transactions are waiting already."), false)
            }
            state.waiting.append(job)
            let mustArm = !state.isTimerArmed
            state.isTimerArmed = true
            return (state.idle.popLast(), nil, mustArm)
        }
        if let refusal { throw refusal }
        if mustArm { armTimer() }
        return connection
    }

    /// The next jobs for a draining connection; with none it is idle from now on.
    func take(upTo count: Int, for connection: Int) -> [WaitingJob] {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.idle.append(connection)
                state.busySince[connection] = nil
                return []
            }
            state.busySince[connection] = .now
            let taken = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// Refuses all further jobs; those that wait are still run.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Looks for jobs past their deadline four times a second while any job waits or runs: one timer, not one per job.
    private func armTimer() {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(250)) { self.expire() }
    }

    private func expire() {
        let now = ContinuousClock.now
        let (expired, mustArm) = state.withLock { state -> ([WaitingJob], Bool) in
            let expired = state.waiting.filter { $0.deadline <= now }
            if !expired.isEmpty { state.waiting.removeAll { $0.deadline <= now } }
            // Under the lock, so that a connection can't have gone on to another job meanwhile.
            if let watch {
                for (connection, since) in state.busySince where now - since > watch.limit {
                    watch.breakOff(connection)
                }
            }
            state.isTimerArmed = !state.waiting.isEmpty || !state.busySince.isEmpty
            return (expired, state.isTimerArmed)
        }
        for job in expired {
            job.answer(DatabaseError(.timeout, "The transaction waited too long for a connection."))
        }
        if mustArm { armTimer() }
    }
}
