import Dispatch
import SQLDatabase
import Synchronization

/// The transactions that wait for one of a few connections: bounded, each with a deadline.
///
/// A connection is either idle or draining. Handing over a job and going idle are decided under one lock, so that no
/// job is left behind.
final class JobQueue: Sendable {
    private struct State {
        var waiting: [any WaitingJob] = []
        var idle: [Int]
        var isClosed = false
        var isTimerArmed = false
    }

    private let state: Mutex<State>
    private let limit: Int

    /// Takes how many connections there are and how many jobs may wait.
    init(connections: Int, limit: Int) {
        self.limit = limit
        self.state = Mutex(State(idle: Array(0..<connections)))
    }

    /// Lets a job wait; returns the idle connection that has to start draining, if there is one.
    func submit(_ job: any WaitingJob) throws(DatabaseError) -> Int? {
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
    func take(upTo count: Int, for connection: Int) -> [any WaitingJob] {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.idle.append(connection)
                return []
            }
            let taken = Array(state.waiting.prefix(count))
            state.waiting.removeFirst(taken.count)
            return taken
        }
    }

    /// Refuses all further jobs; those that wait are still run.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Looks for jobs past their deadline four times a second while any job waits: one timer, not one per job.
    private func armTimer() {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(250)) { self.expire() }
    }

    private func expire() {
        let now = ContinuousClock.now
        let (expired, mustArm) = state.withLock { state -> ([any WaitingJob], Bool) in
            let expired = state.waiting.filter { $0.deadline <= now }
            if !expired.isEmpty { state.waiting.removeAll { $0.deadline <= now } }
            state.isTimerArmed = !state.waiting.isEmpty
            return (expired, state.isTimerArmed)
        }
        for job in expired {
            job.answer(DatabaseError(.timeout, "The transaction waited too long for a connection."))
        }
        if mustArm { armTimer() }
    }
}
