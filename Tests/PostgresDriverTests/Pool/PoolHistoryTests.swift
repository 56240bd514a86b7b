import PostgresDriver
import Testing

/// A pool with threads that do what they are told, and a record of what became of each transaction.
private struct Simulation {
    typealias Pool = PoolStateMachine

    var pool: Pool
    var now = ContinuousClock.now
    var doing: [Pool.Instruction]
    var open: Set<UInt64> = []
    var ended: [UInt64: Int] = [:]
    var nextID: UInt64 = 0
    let connections: Int
    let queueLimit: Int

    init(connections: Int, queueLimit: Int) {
        pool = Pool(connections: connections, queueLimit: queueLimit)
        doing = Array(repeating: .connect, count: connections)
        self.connections = connections
        self.queueLimit = queueLimit
    }

    mutating func step(_ choice: Int, slot: Int) {
        now += .milliseconds(choice * 37 % 400)
        switch choice {
        case 0...3: submit(isUrgent: choice == 3)
        case 4: leave()
        case 5: expire()
        case 6...9: advance(slot, succeeds: true)
        case 10: advance(slot, succeeds: false)
        default: wake(slot)
        }
        check()
    }

    mutating func close() {
        for slot in pool.close() { doing[slot] = pool.woken(slot, now: now) }
        for _ in 0..<200 where !pool.hasEnded {
            now += .milliseconds(300)
            expire()
            for slot in 0..<connections {
                wake(slot)
                advance(slot, succeeds: true)
            }
        }
    }

    private mutating func submit(isUrgent: Bool) {
        nextID += 1
        let ticket = Pool.Ticket(id: nextID, deadline: now + .seconds(2), isUrgent: isUrgent)
        open.insert(nextID)
        switch pool.submit(ticket, now: now) {
        case .wake(let slot): doing[slot] = pool.woken(slot, now: now)
        case .wait: break
        case .refuse: end(nextID)
        }
    }

    private mutating func leave() {
        guard let id = open.min(), pool.leave(id) == .removed else { return }
        end(id)
    }

    private mutating func expire() {
        let (refused, wake) = pool.expire(now: now)
        for entry in refused { end(entry.ticket.id) }
        for slot in wake { doing[slot] = pool.woken(slot, now: now) }
    }

    private mutating func advance(_ slot: Int, succeeds: Bool) {
        switch doing[slot] {
        case .connect:
            doing[slot] =
                succeeds
                ? pool.connected(slot, now: now) : pool.connectFailed(slot, now: now, chance: 0.3)
        case .run(let ticket):
            if succeeds {
                end(ticket.id)
                doing[slot] = pool.finished(slot)
            } else {
                lose(slot, isUntouched: ticket.id.isMultiple(of: 2))
            }
        case .rest where !succeeds: lose(slot, isUntouched: false)
        case .rest, .pause, .end: break
        }
    }

    private mutating func lose(_ slot: Int, isUntouched: Bool) {
        if case .run(let ticket) = doing[slot], !isUntouched { end(ticket.id) }
        let (next, other) = pool.lost(slot, isUntouched: isUntouched, now: now, chance: 0.7)
        doing[slot] = next
        if let other { doing[other] = pool.woken(other, now: now) }
    }

    private mutating func wake(_ slot: Int) {
        switch doing[slot] {
        case .rest, .pause: doing[slot] = pool.woken(slot, now: now)
        case .connect, .run, .end: break
        }
    }

    private mutating func end(_ id: UInt64) {
        open.remove(id)
        ended[id, default: 0] += 1
    }

    /// The first rule that was broken, if any.
    private(set) var fault: String?

    private mutating func check() {
        var running: [UInt64] = []
        var isResting = false
        for instruction in doing {
            if case .run(let ticket) = instruction { running.append(ticket.id) }
            if instruction == .rest { isResting = true }
        }
        let load = pool.load
        if Set(running).count != running.count { fault = fault ?? "a transaction runs twice at once" }
        if load.busy != running.count { fault = fault ?? "the load is wrong" }
        if open.count != running.count + load.waiting { fault = fault ?? "a transaction was forgotten" }
        if load.waiting > queueLimit + connections { fault = fault ?? "the line is too long" }
        if load.waiting > 0, isResting { fault = fault ?? "a transaction waits beside an idle connection" }
    }

    /// What is wrong at the end of a history.
    var verdict: String? {
        if let fault { return fault }
        if !open.isEmpty || ended.count != Int(nextID) { return "a transaction was never answered" }
        if !ended.values.allSatisfy({ $0 == 1 }) { return "a transaction was answered twice" }
        return pool.hasEnded ? nil : "the pool did not end"
    }
}

@Suite("Histories of the pool")
struct PoolHistoryTests {
    @Test(
        "all short histories end each transaction exactly once",
        arguments: [(1, 0, 4), (1, 1, 4), (2, 0, 3), (2, 1, 3), (2, 2, 3)]
    )
    func exhaustive(connections: Int, queueLimit: Int, length: Int) {
        let choices = 12 * connections
        let histories = (0..<length).reduce(1) { product, _ in product * choices }
        for number in 0..<histories {
            var simulation = Simulation(connections: connections, queueLimit: queueLimit)
            for slot in 0..<connections { simulation.step(6, slot: slot) }
            var rest = number
            for _ in 0..<length {
                let choice = rest % choices
                rest /= choices
                simulation.step(choice % 12, slot: choice / 12)
            }
            simulation.close()
            if let fault = simulation.verdict {
                Issue.record("history \(number): \(fault)")
                return
            }
        }
    }

    @Test("long random histories end each transaction exactly once", arguments: [(1, 3), (3, 0), (3, 8), (8, 1_000)])
    func random(connections: Int, queueLimit: Int) {
        let seed = UInt64.random(in: 0 ... .max)
        var state = seed
        var simulation = Simulation(connections: connections, queueLimit: queueLimit)
        for _ in 0..<3_000 {
            // Knuth's multiplier; the upper bits are as good as random.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            simulation.step(Int(state >> 40) % 12, slot: Int(state >> 50) % connections)
        }
        simulation.close()
        #expect(simulation.verdict == nil, "seed \(seed)")
    }
}
