internal import Synchronization

/// The loads of the credential index that are under way: one for each subject, bounded in number and time.
package final class IndexLoads: Sendable {
    package typealias Load = @Sendable () async throws(ControlPlaneError) -> IndexFinding

    /// How many loads may be under way, and how long anybody waits for one.
    package struct Bounds: Sendable {
        package var count = 256
        package var wait = Duration.milliseconds(250)

        package init() {}
    }

    fileprivate typealias Waiter = CheckedContinuation<Result<IndexFinding, ControlPlaneError>, Never>

    fileprivate struct Flight {
        let id: UInt64
        let subject: IndexSubject
        let noted: UInt64
        let deadline: ContinuousClock.Instant
        var waiters: [Waiter]
    }

    private struct Job: Sendable {
        let id: UInt64
        let load: Load
    }

    fileprivate struct State {
        var isServing = false
        var lastID: UInt64 = 0
        var flights: [UInt64: Flight] = [:]
        /// The load that others may wait for too.
        var shared: [IndexSubject: UInt64] = [:]
        /// Loads that have not come to their end, those included that nobody waits for any more.
        var running = 0
    }

    private enum Ticket {
        /// Nobody serves: the caller loads by itself.
        case alone
        case joined
        case begun(UInt64)
        case refused
    }

    private let bounds: Bounds
    private let state = Mutex(State())
    private let jobs = AsyncStream.makeStream(of: Job.self)

    package init(_ bounds: Bounds = Bounds()) { self.bounds = bounds }

    var isServing: Bool { state.withLock { $0.isServing } }

    /// How many wait for a load.
    var waiting: Int { state.withLock { $0.flights.values.reduce(0) { $0 + $1.waiters.count } } }

    /// Carries a load out or waits for the one that is under way for the subject.
    ///
    /// One that began before the last invalidation is nobody's but those who waited for it then.
    func run(
        _ subject: IndexSubject,
        noted: UInt64,
        isShared: Bool,
        _ load: @escaping Load
    ) async throws(ControlPlaneError) -> IndexFinding {
        guard isServing else { return try await load() }
        let result = await withCheckedContinuation { (waiter: Waiter) in
            switch enter(subject, noted: noted, isShared: isShared, waiter) {
            case .alone, .refused: waiter.resume(returning: .failure(Self.overloaded))
            case .joined: break
            case .begun(let id): jobs.continuation.yield(Job(id: id, load: load))
            }
        }
        return try result.get()
    }

    private func enter(_ subject: IndexSubject, noted: UInt64, isShared: Bool, _ waiter: Waiter) -> Ticket {
        state.withLock { state in
            guard state.isServing else { return .alone }
            if isShared, let id = state.shared[subject], state.flights[id]?.noted == noted {
                state.flights[id]?.waiters.append(waiter)
                return .joined
            }
            guard state.running < bounds.count else { return .refused }
            state.lastID += 1
            state.running += 1
            state.flights[state.lastID] = Flight(
                id: state.lastID,
                subject: subject,
                noted: noted,
                deadline: .now + bounds.wait,
                waiters: [waiter]
            )
            if isShared { state.shared[subject] = state.lastID }
            return .begun(state.lastID)
        }
    }

    /// Serves until it is cancelled.
    func run() async {
        state.withLock { $0.isServing = true }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchDeadlines() }
            for await job in jobs.stream {
                group.addTask {
                    let result: Result<IndexFinding, ControlPlaneError>
                    do throws(ControlPlaneError) {
                        result = .success(try await job.load())
                    } catch {
                        result = .failure(error)
                    }
                    self.end(job.id, with: result)
                }
            }
            self.state.withLock { $0.isServing = false }
            group.cancelAll()
        }
        let left = state.withLock { $0.flights.keys.sorted() }
        for id in left { end(id, with: .failure(Self.overloaded)) }
    }

    private func end(_ id: UInt64, with result: Result<IndexFinding, ControlPlaneError>) {
        let waiters = state.withLock { state in
            state.running -= 1
            return state.take(id)?.waiters ?? []
        }
        for waiter in waiters { waiter.resume(returning: result) }
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            guard (try? await Task.sleep(for: bounds.wait / 10)) != nil else { return }
            let now = ContinuousClock.now
            let late = state.withLock { state in
                state.flights.values.filter { $0.deadline <= now }.compactMap { state.take($0.id) }
            }
            for waiter in late.flatMap(\.waiters) { waiter.resume(returning: .failure(Self.overloaded)) }
        }
    }

    private static let overloaded = ControlPlaneError(.overloaded, "The token can't be checked now; try again.")
}

extension IndexLoads.State {
    /// Takes a load off the list; nobody waits for it from here on.
    fileprivate mutating func take(_ id: UInt64) -> IndexLoads.Flight? {
        guard let flight = flights.removeValue(forKey: id) else { return nil }
        if shared[flight.subject] == id { shared[flight.subject] = nil }
        return flight
    }
}
