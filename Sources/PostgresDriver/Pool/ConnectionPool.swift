import Dispatch
import Logging
import SQLDatabase
import Synchronization

/// Performs what ``PoolStateMachine`` decides: threads, timers, answers.
final class ConnectionPool: Sendable {
    private struct State {
        var machine: PoolStateMachine
        /// What waits or has been given to a connection and not begun.
        var jobs: [UInt64: WaitingJob] = [:]
        var alarm: ContinuousClock.Instant?
        /// Why the last attempt to connect failed.
        var lastFailure: DatabaseError?
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>
    private let wakeups: [Wakeup]
    private let configuration: PostgresConfiguration
    private let logger: Logger

    /// Starts a thread for every connection.
    init(_ configuration: PostgresConfiguration, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        let wakeups = try (0..<configuration.connections).map { _ in try Wakeup() }
        self.wakeups = wakeups
        state = Mutex(
            State(
                machine: PoolStateMachine(
                    connections: configuration.connections,
                    queueLimit: configuration.queueLimit
                )
            )
        )
        let spareThreads = SpareThreads(limit: max(4, configuration.connections))
        for (slot, wakeup) in wakeups.enumerated() {
            let isStarted = OwnThread.start { [self] in
                let connector = Connector(configuration: configuration, wakeup: wakeup, spareThreads: spareThreads)
                ConnectionThread(slot: slot, pool: self, connector: connector).run()
            }
            guard isStarted else {
                stop()
                throw DatabaseError(.engine, "The system gives no thread for a connection to PostgreSQL.")
            }
        }
    }

    var load: PostgresLoad {
        let (open, busy, waiting) = state.withLock { $0.machine.load }
        return PostgresLoad(
            connections: .init(open: open, busy: busy, wanted: configuration.connections),
            waiting: waiting
        )
    }

    /// Lets a transaction wait for a connection; it is answered whatever happens.
    func submit(_ job: WaitingJob, caller: Caller, isUrgent: Bool) {
        let now = ContinuousClock.now
        let ticket = PoolStateMachine.Ticket(
            id: caller.id,
            deadline: now + configuration.waitLimit,
            isUrgent: isUrgent
        )
        let (submission, error) = state.withLock { state -> (PoolStateMachine.Submission?, DatabaseError?) in
            // Whoever leaves from here on finds the transaction in the line.
            guard !caller.hasLeft else { return (nil, nil) }
            let submission = state.machine.submit(ticket, now: now)
            if case .refuse(let refusal) = submission { return (submission, self.error(refusal, state)) }
            state.jobs[caller.id] = job
            armAlarm(&state)
            return (submission, nil)
        }
        switch submission {
        case .wake(let slot): wakeups[slot].signal()
        case .wait: break
        case .refuse: job.answer(error)
        case nil: job.answer(CancellationError())
        }
    }

    /// The caller has gone: what waits is taken out, what runs is told.
    func leave(_ caller: Caller) {
        caller.leave()
        let (job, slot) = state.withLock { state -> (WaitingJob?, Int?) in
            switch state.machine.leave(caller.id) {
            case .nothing: (nil, nil)
            case .removed: (state.jobs.removeValue(forKey: caller.id), nil)
            case .wake(let slot): (nil, slot)
            }
        }
        job?.answer(CancellationError())
        if let slot { wakeups[slot].signal() }
    }

    /// Finishes what has begun or waits, refuses what comes after, and ends all threads.
    func close() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.machine.hasEnded { state.waitingForEnd.append(continuation) }
                return state.machine.hasEnded
            }
            if hasEnded { return continuation.resume() }
            stop()
        }
    }

    private func stop() {
        let slots = state.withLock { $0.machine.close() }
        for slot in slots { wakeups[slot].signal() }
    }
}

// What a connection's thread reports; each answers what it does next.
extension ConnectionPool {
    enum Instruction {
        case connect
        case pause(until: ContinuousClock.Instant)
        case rest
        case run(WaitingJob)
        case end
    }

    /// Whether nobody wants further connections.
    var mayEnd: Bool { state.withLock { $0.machine.mayEnd } }

    func woken(_ slot: Int) -> Instruction {
        report { $0.machine.woken(slot, now: .now) }
    }

    func connected(_ slot: Int) -> Instruction {
        let wasDown = state.withLock { state in
            defer { state.lastFailure = nil }
            return state.lastFailure != nil
        }
        if wasDown { logger.info("PostgreSQL is connected again", metadata: place) }
        return report { $0.machine.connected(slot, now: .now) }
    }

    func connectFailed(_ slot: Int, _ failure: DatabaseError) -> Instruction {
        let isNews = state.withLock { state in
            defer { state.lastFailure = failure }
            return state.lastFailure?.message != failure.message
        }
        if isNews {
            var metadata = place
            metadata["reason"] = "\(failure.message)"
            logger.info("PostgreSQL can't be connected", metadata: metadata)
        }
        return report { $0.machine.connectFailed(slot, now: .now, chance: .random(in: 0...1)) }
    }

    func finished(_ slot: Int) -> Instruction {
        report { $0.machine.finished(slot) }
    }

    /// The job comes with it if it has not begun.
    func lost(_ slot: Int, untouched job: WaitingJob?) -> Instruction {
        logger.info("A connection to PostgreSQL was lost", metadata: place)
        var other: Int?
        let instruction = report { state in
            let ticket = state.machine.ticket(of: slot)
            if let job, let ticket { state.jobs[ticket.id] = job }
            let lost = state.machine.lost(
                slot,
                isUntouched: ticket.map { state.jobs[$0.id] != nil } ?? false,
                now: .now,
                chance: .random(in: 0...1)
            )
            other = lost.wake
            return lost.next
        }
        if let other { wakeups[other].signal() }
        return instruction
    }

    private func report(_ event: (inout State) -> PoolStateMachine.Instruction) -> Instruction {
        let (instruction, ended) = state.withLock { state -> (Instruction, [CheckedContinuation<Void, Never>]) in
            let instruction: Instruction =
                switch event(&state) {
                case .connect: .connect
                case .pause(let until): .pause(until: until)
                case .rest: .rest
                case .run(let ticket): state.jobs.removeValue(forKey: ticket.id).map { .run($0) } ?? .rest
                case .end: .end
                }
            armAlarm(&state)
            guard state.machine.hasEnded else { return (instruction, []) }
            defer { state.waitingForEnd = [] }
            return (instruction, state.waitingForEnd)
        }
        for continuation in ended { continuation.resume() }
        return instruction
    }
}

// Deadlines of what waits.
extension ConnectionPool {
    /// One timer for all that wait, set to what is due first.
    private func armAlarm(_ state: inout State) {
        guard let due = state.machine.nextAlarm else { return }
        if let alarm = state.alarm, alarm <= due { return }
        state.alarm = due
        let delay = max(due - .now, .zero).wholeMilliseconds + 1
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(clamping: delay))) { self.ring(due) }
    }

    private func ring(_ due: ContinuousClock.Instant) {
        let (answers, slots) = state.withLock { state -> ([(WaitingJob, DatabaseError)], [Int]) in
            if state.alarm == due { state.alarm = nil }
            let (refused, slots) = state.machine.expire(now: .now)
            let answers = refused.compactMap { refused in
                state.jobs.removeValue(forKey: refused.ticket.id).map { ($0, self.error(refused.refusal, state)) }
            }
            armAlarm(&state)
            return (answers, slots)
        }
        for (job, error) in answers { job.answer(error) }
        for slot in slots { wakeups[slot].signal() }
    }

    private func error(_ refusal: PoolStateMachine.Refusal, _ state: State) -> DatabaseError {
        switch refusal {
        case .closed: return DatabaseError(.closed, "The database is closed.")
        case .overloaded:
            return DatabaseError(.overloaded, "\(configuration.queueLimit) transactions are waiting already.")
        case .timeout: return DatabaseError(.timeout, "The transaction waited too long for a connection.")
        case .allDown:
            let reason = state.lastFailure.map { ": \($0.message)" } ?? "."
            return DatabaseError(
                .connectionLost,
                "PostgreSQL at \(configuration.displayName) can't be reached\(reason)",
                cause: state.lastFailure
            )
        }
    }

    private var place: Logger.Metadata { ["database": "\(configuration.displayName)"] }
}
