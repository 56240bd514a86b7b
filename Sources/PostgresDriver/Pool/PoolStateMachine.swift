/// The rules of the pool: who waits, which connection runs what, when a lost one is replaced.
///
/// It does nothing itself and knows neither clock nor chance: every event is told the time and returns what to do. A
/// connection's thread reports each change and gets its next ``Instruction``.
///
///     connecting ──connected──▶ idle ⇄ busy          pausing ──time──▶ connecting
///         └─connectFailed─▶ pausing    └────lost────▶ connecting or pausing
///     any but busy ──close, nobody waits──▶ ended
package struct PoolStateMachine {
    package typealias Instant = ContinuousClock.Instant
    package typealias Ticket = WaitingLine.Ticket

    /// What the thread of a connection does next.
    package enum Instruction: Equatable {
        case connect
        /// Wait until then or until it is woken, and ask again.
        case pause(until: Instant)
        /// Wait with the connection open until it is woken, and ask again.
        case rest
        case run(Ticket)
        case end
    }

    package enum Refusal: Equatable {
        case closed
        case overloaded
        case timeout
        /// All connections have been down for longer than ``downLimit``.
        case allDown
    }

    package enum Submission: Equatable {
        /// This connection has been given the transaction; its thread is to be woken.
        case wake(Int)
        case wait
        case refuse(Refusal)
    }

    /// How long all connections may be down before transactions are refused at once.
    package static let downLimit = Duration.seconds(1)
    /// A connection that lived so long is replaced without a pause.
    package static let trustedAfter = Duration.seconds(1)

    private enum Phase: Equatable {
        case connecting
        case pausing(until: Instant)
        case idle
        case busy(Ticket)
        case ended
    }

    private struct Slot {
        var phase = Phase.connecting
        /// How often connecting has failed since it last could be trusted.
        var failures = 0
        var connectedAt: Instant?
    }

    private var slots: [Slot]
    /// Idle connections, the one that was used last at the end.
    private var idle: [Int] = []
    private var line = WaitingLine()
    private let queueLimit: Int
    private var isClosing = false
    /// Since when it is known that no connection is up; at the beginning it is not.
    private var allDownSince: Instant?

    package init(connections: Int, queueLimit: Int) {
        slots = Array(repeating: Slot(), count: connections)
        self.queueLimit = queueLimit
    }
}

// What callers do.
extension PoolStateMachine {
    /// A transaction wants to run.
    package mutating func submit(_ ticket: Ticket, now: Instant) -> Submission {
        if isClosing { return .refuse(.closed) }
        if isDownTooLong(at: now) { return .refuse(.allDown) }
        if let slot = idle.popLast() {
            slots[slot].phase = .busy(ticket)
            return .wake(slot)
        }
        guard line.count < queueLimit else { return .refuse(.overloaded) }
        guard now < ticket.deadline else { return .refuse(.timeout) }
        line.append(ticket)
        return .wait
    }

    /// What becomes of a transaction whose caller has gone.
    package enum Leave: Equatable {
        /// It is over already, or not there yet.
        case nothing
        /// It waited, and waits no more.
        case removed
        /// It has this connection, whose thread is to be woken.
        case wake(Int)
    }

    package mutating func leave(_ id: UInt64) -> Leave {
        if !line.removeAll(where: { $0.id == id }).isEmpty { return .removed }
        let slot = slots.firstIndex { slot in
            if case .busy(let ticket) = slot.phase { ticket.id == id } else { false }
        }
        return slot.map { .wake($0) } ?? .nothing
    }

    /// Refuses what comes from now on; what waits still runs.
    ///
    /// Returns the connections whose threads are to be woken.
    package mutating func close() -> [Int] {
        isClosing = true
        return slotsToWake
    }
}

// What happens on connections.
extension PoolStateMachine {
    package mutating func connected(_ slot: Int, now: Instant) -> Instruction {
        slots[slot].connectedAt = now
        allDownSince = nil
        return next(slot)
    }

    /// `chance` from 0 to 1 spreads the pauses.
    package mutating func connectFailed(_ slot: Int, now: Instant, chance: Double) -> Instruction {
        noteDown(at: now)
        if mayEnd { return end(slot) }
        return pause(slot, now: now, chance: chance)
    }

    private mutating func noteDown(at now: Instant) {
        if allDownSince == nil, load.open == 0 { allDownSince = now }
    }

    /// The transaction is over and the connection is good.
    package mutating func finished(_ slot: Int) -> Instruction { next(slot) }

    /// The connection is gone.
    ///
    /// With `isUntouched` the transaction it was given has not begun: it goes to another connection, whose thread is to
    /// be woken, or to the front of the line. `chance` as in ``connectFailed(_:now:chance:)``.
    package mutating func lost(
        _ slot: Int,
        isUntouched: Bool,
        now: Instant,
        chance: Double
    ) -> (next: Instruction, wake: Int?) {
        idle.removeAll { $0 == slot }
        let other = isUntouched ? handOver(slot) : nil
        let lived = slots[slot].connectedAt.map { now - $0 } ?? .zero
        slots[slot].phase = .connecting
        slots[slot].connectedAt = nil
        noteDown(at: now)
        if mayEnd { return (end(slot), other) }
        guard lived < Self.trustedAfter else {
            slots[slot].failures = 0
            return (.connect, other)
        }
        return (pause(slot, now: now, chance: chance), other)
    }

    private mutating func handOver(_ slot: Int) -> Int? {
        guard case .busy(let ticket) = slots[slot].phase else { return nil }
        guard let other = idle.popLast() else {
            line.putBack(ticket)
            return nil
        }
        slots[other].phase = .busy(ticket)
        return other
    }

    /// A thread that rests or pauses was woken, or its time has come.
    package mutating func woken(_ slot: Int, now: Instant) -> Instruction {
        switch slots[slot].phase {
        case .connecting: return mayEnd ? end(slot) : .connect
        case .pausing(let until):
            if mayEnd { return end(slot) }
            guard now >= until else { return .pause(until: until) }
            slots[slot].phase = .connecting
            return .connect
        case .idle: return mayEnd ? end(slot) : .rest
        case .busy(let ticket): return .run(ticket)
        case .ended: return .end
        }
    }

    /// The transaction that a connection has been given.
    func ticket(of slot: Int) -> Ticket? {
        guard case .busy(let ticket) = slots[slot].phase else { return nil }
        return ticket
    }

    /// Whether nobody wants further connections.
    package var mayEnd: Bool { isClosing && line.isEmpty }

    private mutating func next(_ slot: Int) -> Instruction {
        if let ticket = line.popFirst() {
            slots[slot].phase = .busy(ticket)
            return .run(ticket)
        }
        if mayEnd { return end(slot) }
        slots[slot].phase = .idle
        idle.append(slot)
        return .rest
    }

    private mutating func end(_ slot: Int) -> Instruction {
        slots[slot].phase = .ended
        idle.removeAll { $0 == slot }
        return .end
    }

    private mutating func pause(_ slot: Int, now: Instant, chance: Double) -> Instruction {
        let until = now + Self.pause(afterFailures: slots[slot].failures, chance: chance)
        slots[slot].failures += 1
        slots[slot].phase = .pausing(until: until)
        return .pause(until: until)
    }

    /// 100 ms, doubling to 5 s, a fifth more or less.
    package static func pause(afterFailures failures: Int, chance: Double) -> Duration {
        let plain = Double(min(100 << min(failures, 10), 5_000))
        return .milliseconds(Int((plain * (0.8 + 0.4 * chance)).rounded()))
    }
}

// What time brings.
extension PoolStateMachine {
    /// When ``expire(now:)`` is due next.
    package var nextAlarm: Instant? {
        guard let deadline = line.firstDeadline else { return nil }
        guard let allDownSince else { return deadline }
        return min(deadline, allDownSince + Self.downLimit)
    }

    /// The transactions that wait no longer, and the connections whose threads are to be woken.
    package mutating func expire(now: Instant) -> (refused: [(ticket: Ticket, refusal: Refusal)], wake: [Int]) {
        var refused = line.removeAll { $0.deadline <= now }.map { ($0, Refusal.timeout) }
        if isDownTooLong(at: now) { refused += line.removeAll { _ in true }.map { ($0, Refusal.allDown) } }
        return (refused, slotsToWake)
    }

    private func isDownTooLong(at now: Instant) -> Bool {
        allDownSince.map { now >= $0 + Self.downLimit } ?? false
    }

    /// When everything is to end, the threads that wait for something else.
    private var slotsToWake: [Int] {
        guard mayEnd else { return [] }
        return slots.indices.filter { index in
            switch slots[index].phase {
            case .connecting, .pausing, .idle: true
            case .busy, .ended: false
            }
        }
    }

    /// Connected, running and waiting.
    package var load: (open: Int, busy: Int, waiting: Int) {
        var open = 0
        var busy = 0
        for slot in slots where slot.connectedAt != nil && slot.phase != .ended {
            open += 1
            if case .busy = slot.phase { busy += 1 }
        }
        return (open, busy, line.count)
    }

    package var hasEnded: Bool { slots.allSatisfy { $0.phase == .ended } }
}
