import PostgresDriver
import Testing

@Suite("The rules of the pool")
struct PoolStateMachineTests {
    typealias Pool = PoolStateMachine

    let start = ContinuousClock.now

    private func at(_ milliseconds: Int) -> Pool.Instant { start + .milliseconds(milliseconds) }

    private func ticket(_ id: UInt64, by milliseconds: Int = 5_000, isUrgent: Bool = false) -> Pool.Ticket {
        Pool.Ticket(id: id, deadline: at(milliseconds), isUrgent: isUrgent)
    }

    private func pool(_ connections: Int, queueLimit: Int = 10, connected: Int? = nil) -> Pool {
        var pool = Pool(connections: connections, queueLimit: queueLimit)
        for slot in 0..<(connected ?? connections) { #expect(pool.connected(slot, now: start) == .rest) }
        return pool
    }

    @Test("an idle connection gets a transaction at once, the one that was used last before the others")
    func idle() {
        var pool = pool(2)
        #expect(pool.submit(ticket(1), now: start) == .wake(1))
        #expect(pool.woken(1, now: start) == .run(ticket(1)))
        #expect(pool.submit(ticket(2), now: start) == .wake(0))
        #expect(pool.finished(1) == .rest)
        #expect(pool.submit(ticket(3), now: start) == .wake(1))
        #expect(pool.load.open == 2)
        #expect(pool.load.busy == 2)
    }

    @Test("what waits runs in order, urgent before all others", arguments: [1, 2, 3])
    func order(connections: Int) {
        var pool = pool(connections)
        for slot in 0..<connections { _ = pool.submit(ticket(UInt64(100 + slot)), now: start) }
        for id in 1...3 { #expect(pool.submit(ticket(UInt64(id)), now: start) == .wait) }
        #expect(pool.submit(ticket(4, isUrgent: true), now: start) == .wait)
        #expect(pool.submit(ticket(5, isUrgent: true), now: start) == .wait)
        var order: [UInt64] = []
        while case .run(let next) = pool.finished(0) { order.append(next.id) }
        #expect(order == [4, 5, 1, 2, 3])
    }

    @Test("the line is bounded, and a full one lets nobody in before somebody left", arguments: [0, 1, 2, 7])
    func bound(limit: Int) {
        var pool = pool(1, queueLimit: limit)
        #expect(pool.submit(ticket(1_000), now: start) == .wake(0))
        for id in 0..<limit { #expect(pool.submit(ticket(UInt64(id)), now: start) == .wait) }
        #expect(pool.submit(ticket(2_000), now: start) == .refuse(.overloaded))
        #expect(pool.load.waiting == limit)
        guard limit > 0 else { return }
        #expect(pool.leave(0) == .removed)
        #expect(pool.leave(0) == .nothing)
        #expect(pool.submit(ticket(2_001), now: start) == .wait)
        #expect(pool.submit(ticket(2_002), now: start) == .refuse(.overloaded))
    }

    @Test("waiting ends at the deadline and not before")
    func deadline() {
        var pool = pool(1)
        _ = pool.submit(ticket(1), now: start)
        _ = pool.submit(ticket(2, by: 300), now: start)
        _ = pool.submit(ticket(3, by: 200, isUrgent: true), now: start)
        #expect(pool.nextAlarm == at(200))
        #expect(pool.expire(now: at(199)).refused.isEmpty)
        let first = pool.expire(now: at(200))
        #expect(first.refused.map(\.ticket.id) == [3])
        #expect(first.refused.map(\.refusal) == [.timeout])
        #expect(pool.nextAlarm == at(300))
        #expect(pool.expire(now: at(400)).refused.map(\.ticket.id) == [2])
        #expect(pool.nextAlarm == nil)
        #expect(pool.submit(ticket(4, by: 400), now: at(400)) == .refuse(.timeout))
    }

    @Test("with all connections down for a second transactions are refused at once, before that they wait")
    func allDown() {
        var pool = pool(2)
        #expect(pool.lost(0, isUntouched: false, now: at(100), chance: 0.5).next != .end)
        #expect(pool.submit(ticket(1), now: at(5_000 - 1)) == .wake(1))
        #expect(pool.lost(1, isUntouched: false, now: at(5_000), chance: 0.5).next == .connect)
        #expect(pool.submit(ticket(2, by: 20_000), now: at(5_999)) == .wait)
        #expect(pool.nextAlarm == at(6_000))
        #expect(pool.expire(now: at(5_999)).refused.isEmpty)
        #expect(pool.expire(now: at(6_000)).refused.map(\.refusal) == [.allDown])
        #expect(pool.submit(ticket(3, by: 20_000), now: at(6_000)) == .refuse(.allDown))
        #expect(pool.connected(0, now: at(6_001)) == .rest)
        #expect(pool.submit(ticket(4, by: 20_000), now: at(6_001)) == .wake(0))
    }

    @Test("from the beginning: a pool that never connects refuses a second after its first failure")
    func neverUp() {
        var pool = pool(2, connected: 0)
        #expect(pool.submit(ticket(1), now: at(3_000)) == .wait)
        _ = pool.connectFailed(1, now: at(3_000), chance: 0)
        #expect(pool.submit(ticket(2), now: at(3_999)) == .wait)
        _ = pool.connectFailed(0, now: at(3_999), chance: 0)
        #expect(pool.submit(ticket(3), now: at(4_000)) == .refuse(.allDown))
    }

    @Test("a transaction that has not begun goes to another connection, or to the front of the line")
    func untouched() {
        var pool = pool(2)
        #expect(pool.submit(ticket(1), now: at(10)) == .wake(1))
        #expect(pool.lost(1, isUntouched: true, now: at(2_000), chance: 0.5).wake == 0)
        #expect(pool.woken(0, now: at(2_000)) == .run(ticket(1)))
        #expect(pool.submit(ticket(2), now: at(2_000)) == .wait)
        #expect(pool.lost(0, isUntouched: true, now: at(2_000), chance: 0.5).wake == nil)
        #expect(pool.connected(1, now: at(2_001)) == .run(ticket(1)))
        #expect(pool.connected(0, now: at(2_001)) == .run(ticket(2)))
    }

    @Test("pauses between attempts double from 100 ms to 5 s, a fifth more or less")
    func backOff() {
        var pool = pool(1, connected: 0)
        var now = start
        for plain in [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000] {
            let until = now + .milliseconds(plain)
            #expect(pool.connectFailed(0, now: now, chance: 0.5) == .pause(until: until))
            #expect(pool.woken(0, now: until - .nanoseconds(1)) == .pause(until: until))
            #expect(pool.woken(0, now: until) == .connect)
            now = until
        }
        for failures in [0, 1, 6, 60, Int.max] {
            let (least, most) = (
                Pool.pause(afterFailures: failures, chance: 0), Pool.pause(afterFailures: failures, chance: 1)
            )
            #expect(least >= .milliseconds(80))
            #expect(most <= .seconds(6))
            #expect(least * 1.4 < most)
        }
    }

    @Test("a connection that lived for a second is replaced at once, one that did not after a pause")
    func replacement() {
        var pool = pool(1)
        #expect(pool.lost(0, isUntouched: false, now: at(1_000), chance: 0.5).next == .connect)
        #expect(pool.connected(0, now: at(1_010)) == .rest)
        #expect(pool.lost(0, isUntouched: false, now: at(1_020), chance: 0.5).next == .pause(until: at(1_120)))
        #expect(pool.woken(0, now: at(1_120)) == .connect)
        #expect(pool.connected(0, now: at(1_120)) == .rest)
        #expect(pool.lost(0, isUntouched: false, now: at(1_130), chance: 0.5).next == .pause(until: at(1_330)))
    }

    @Test("closing refuses what comes, runs what waits, and ends every connection")
    func closing() {
        var pool = pool(3, connected: 2)
        #expect(pool.submit(ticket(1), now: start) == .wake(1))
        #expect(pool.submit(ticket(2), now: start) == .wake(0))
        #expect(pool.submit(ticket(3), now: start) == .wait)
        #expect(pool.close().isEmpty)
        #expect(pool.submit(ticket(4), now: start) == .refuse(.closed))
        #expect(pool.finished(0) == .run(ticket(3)))
        #expect(pool.finished(1) == .end)
        #expect(!pool.hasEnded)
        #expect(pool.connectFailed(2, now: start, chance: 0) == .end)
        #expect(pool.finished(0) == .end)
        #expect(pool.hasEnded)
        #expect(pool.close().isEmpty)
        #expect(pool.woken(0, now: start) == .end)
    }

    @Test("closing wakes who rests, pauses or connects; who waits in vain lets it end as well")
    func closingWakes() {
        var resting = pool(3, connected: 1)
        _ = resting.connectFailed(1, now: start, chance: 0)
        #expect(resting.close() == [0, 1, 2])
        for slot in 0..<3 { #expect(resting.woken(slot, now: start) == .end) }
        #expect(resting.hasEnded)

        var down = pool(1, connected: 0)
        _ = down.submit(ticket(1), now: start)
        #expect(down.close().isEmpty)
        #expect(down.connectFailed(0, now: start, chance: 0) == .pause(until: at(80)))
        let expired = down.expire(now: at(1_000))
        #expect(expired.refused.map(\.refusal) == [.allDown])
        #expect(expired.wake == [0])
        #expect(down.woken(0, now: start) == .end)
    }

    @Test("who leaves while running wakes the connection's thread")
    func leaving() {
        var pool = pool(1)
        #expect(pool.leave(7) == .nothing)
        _ = pool.submit(ticket(7), now: start)
        #expect(pool.leave(7) == .wake(0))
        #expect(pool.woken(0, now: start) == .run(ticket(7)))
        #expect(pool.leave(7) == .wake(0))
        _ = pool.finished(0)
        #expect(pool.leave(7) == .nothing)
    }
}
