import SQLDatabase

/// The life of one connection, on a thread of its own: connect, run what it is given, rest, be replaced.
struct ConnectionThread {
    let slot: Int
    let pool: ConnectionPool
    let connector: Connector

    /// Returns when the pool has ended.
    func run() {
        var session: Session?
        var instruction = pool.woken(slot)
        while true {
            switch instruction {
            case .connect: instruction = connect(&session)
            case .pause(let until):
                _ = connector.wakeup.wait(until: until)
                instruction = pool.woken(slot)
            case .rest: instruction = rest(&session)
            case .run(let job): instruction = run(job, on: &session)
            case .end: return
            }
        }
    }

    private func connect(_ session: inout Session?) -> ConnectionPool.Instruction {
        do throws(DatabaseError) {
            session = try connector.connect { pool.mayEnd }
            return pool.connected(slot)
        } catch {
            return pool.connectFailed(slot, error)
        }
    }

    private func rest(_ session: inout Session?) -> ConnectionPool.Instruction {
        session?.rest(until: nil)
        guard session?.isUsable == true else {
            session = nil
            return pool.lost(slot, untouched: nil)
        }
        return pool.woken(slot)
    }

    private func run(_ job: WaitingJob, on session: inout Session?) -> ConnectionPool.Instruction {
        guard let open = session else { return pool.lost(slot, untouched: job) }
        let hasRun = TransactionRunner(session: open, pause: pause).run(job)
        guard open.isUsable else {
            session = nil
            return pool.lost(slot, untouched: hasRun ? nil : job)
        }
        return pool.finished(slot)
    }

    /// 5 to 20 ms for the first time, growing: the other transaction ends meanwhile.
    private func pause(attempt: Int) {
        let end = ContinuousClock.now + .milliseconds(Int.random(in: 5...20) * attempt)
        while ContinuousClock.now < end { _ = connector.wakeup.wait(until: end) }
    }
}
