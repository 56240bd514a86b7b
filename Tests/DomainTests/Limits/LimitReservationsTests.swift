import Domain
import Testing

@Suite("A limit that nodes share")
struct LimitReservationsTests {
    private let now = Instant(microseconds: 5_000_000)

    /// Who calls in a millisecond, and how often.
    private enum Traffic: CaseIterable {
        case even, oneNode, wandering, floods, trickle

        func calls(_ millisecond: Int, _ node: Int, _ generator: inout SeededGenerator) -> Int {
            switch self {
            case .even: return Int.random(in: 0..<3, using: &generator) == 0 ? 1 : 0
            case .oneNode: return node == 1 ? 3 : 0
            case .wandering: return millisecond / 700 % 3 == node ? 2 : 0
            case .floods: return Int.random(in: 0..<400, using: &generator) == 0 ? 1000 : 0
            case .trickle: return Int.random(in: 0..<150, using: &generator) == 0 ? 1 : 0
            }
        }
    }

    private enum Trouble: CaseIterable {
        case none, crashes, silence, lateness, everything
    }

    @Test("LIM-4: three nodes never pass the limit but for 2 units per node and 100 ms without an answer")
    func bound() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for traffic in Traffic.allCases {
            for trouble in Trouble.allCases {
                for limit in [0, 1, 50, 2000] {
                    let lapse: ReservationRow.Lapse = Bool.random(using: &generator) ? .keeps : .returns
                    var cluster = Cluster(limit: limit, nodes: 3, lapse: lapse, generator: &generator)
                    run(&cluster, traffic, trouble, milliseconds: lapse == .keeps ? 5000 : 13_000, &generator)
                    let extra = lapse == .keeps ? 0 : cluster.lost
                    let name: Comment = "seed \(seed), \(traffic), \(trouble), \(limit), \(lapse)"
                    #expect(cluster.admitted <= limit + cluster.unreserved + extra, name)
                    // With answers in time a node is without one in two tenths of each second at most, before and
                    // while it asks.
                    let slots = cluster.millisecond / (trouble == .none ? 500 : 100) + 2
                    #expect(cluster.admitted - limit <= 2 * (3 * slots + cluster.crashes) + extra, name)
                }
            }
        }
    }

    private func run(
        _ cluster: inout Cluster,
        _ traffic: Traffic,
        _ trouble: Trouble,
        milliseconds: Int,
        _ generator: inout SeededGenerator
    ) {
        for _ in 0..<milliseconds {
            cluster.advance(&generator)
            for place in cluster.nodes.indices {
                for _ in 0..<traffic.calls(cluster.millisecond, place, &generator) where !cluster.call(place) { break }
            }
            guard Int.random(in: 0..<300, using: &generator) == 0 else { continue }
            let place = Int.random(in: 0..<3, using: &generator)
            let all = trouble == .everything
            if trouble == .crashes || all { cluster.crash(place) }
            // Silence of up to some seconds; not the 10 s after which a node counts as gone.
            if trouble == .silence || all { cluster.nodes[place].isSilent.toggle() }
            if trouble == .lateness || all { cluster.nodes[place].isLate.toggle() }
            if cluster.millisecond % 2000 < 300 {
                for place in cluster.nodes.indices { cluster.nodes[place].isSilent = false }
            }
        }
    }

    @Test("LIM-4: a node that alone uses the subject gets everything that is left")
    func alone() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for limit in [1, 10, 1000] {
            var cluster = Cluster(limit: limit, nodes: 3, generator: &generator)
            for millisecond in 0..<600 {
                cluster.advance(&generator)
                if millisecond % 50 == 0 { _ = cluster.call(0) }
            }
            for _ in 0..<1000 {
                cluster.advance(&generator)
                while cluster.call(0) {}
            }
            #expect(cluster.admitted >= limit, "seed \(seed)")
            #expect(cluster.admitted <= limit + cluster.unreserved, "seed \(seed)")
        }
    }

    @Test("LIM-4: when all traffic moves to another node it gets on within 100 ms")
    func moves() {
        for _ in 0..<200 {
            let seed = UInt64.random(in: .min ... .max)
            var generator = SeededGenerator(seed: seed)
            var cluster = Cluster(limit: 100_000, nodes: 3, generator: &generator)
            cluster.delay = 1...8
            for _ in 0..<1000 {
                cluster.advance(&generator)
                _ = cluster.call(0)
            }
            var last = 0
            for millisecond in 1...600 {
                cluster.advance(&generator)
                if !cluster.call(1) { last = millisecond }
            }
            #expect(last <= 100, "seed \(seed)")
        }
    }

    @Test("LIM-4: three busy nodes together use at least 95 % of what there is")
    func underUse() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        var cluster = Cluster(limit: 3000, nodes: 3, generator: &generator)
        run(&cluster, .even, .none, milliseconds: 5000, &generator)
        #expect(cluster.admitted >= 2850, "seed \(seed)")
    }

    @Test("LIM-4: without an answer a node admits 2 units in 100 ms, and with one what it was granted")
    func edges() throws {
        let part = PartBox()
        #expect(!part.isDue(at: now) && part.report(at: now) == nil)
        #expect(part.admit(0, at: now))
        #expect(!part.hasRoom(for: 3, at: now) && !part.admit(3, at: now))
        #expect(part.admit(2, at: now) && !part.admit(1, at: now))
        #expect(part.hasRoom(for: 2, at: now + LimitReservations.interval))
        let report = try #require(part.report(at: now))
        #expect(report == ReservationReport(incarnation: 7, sequence: 1, used: 2, likes: 16))
        #expect(part.report(at: now + .milliseconds(999)) == nil, "an answer is awaited")
        part.granted(ReservationGrant(report, reserved: 5), at: now + .milliseconds(5))
        #expect(!part.admit(6, at: now + .milliseconds(5)) && part.admit(5, at: now + .milliseconds(5)))
        #expect(!part.admit(1, at: now + .milliseconds(999)), "it has an answer: nothing is left")
        #expect(part.admit(1, at: now + .seconds(1)), "the answer holds no more")
        #expect(part.used == 8 && part.unreserved == 3)
    }

    @Test("LIM-4: a node whose grant is used up admits 2 units in 100 ms as long as half of the budget is untouched")
    func ample() throws {
        for isAmple in [true, false] {
            let part = PartBox()
            #expect(part.admit(1, at: now))
            let report = try #require(part.report(at: now))
            part.granted(ReservationGrant(report, reserved: 0, isAmple: isAmple), at: now)
            #expect(part.admit(1, at: now + .milliseconds(150)) == isAmple)
            #expect(part.admit(1, at: now + .milliseconds(150)) == isAmple)
            #expect(!part.admit(1, at: now + .milliseconds(150)))
        }
    }

    @Test("LIM-4: a token that is given back its grant is not refused its next call")
    func givenBack() throws {
        let part = PartBox()
        #expect(part.admit(1, at: now))
        part.granted(ReservationGrant(try #require(part.report(at: now)), reserved: 50), at: now)
        #expect(!part.isDue(at: now + .milliseconds(999)), "a grant is kept for its life")
        #expect(part.isDue(at: now + .seconds(1)))
        let back = try #require(part.report(at: now + .seconds(1)))
        #expect(back.kept == 0 && back.needs == 0 && back.likes == 0)
        part.granted(ReservationGrant(back, reserved: 0), at: now + .seconds(1))
        #expect(part.isSettled)
        #expect(part.admit(1, at: now + .milliseconds(1100)))
    }

    @Test("LIM-4: what could not be delivered is told again, a grant that is given back included")
    func undelivered() throws {
        let part = PartBox()
        #expect(part.admit(1, at: now))
        part.granted(ReservationGrant(try #require(part.report(at: now)), reserved: 50), at: now)
        _ = part.report(at: now + .seconds(1))
        part.failed()
        #expect(!part.isSettled && part.isDue(at: now + .seconds(1) + LimitReservations.interval))
        #expect(part.report(at: now + .seconds(2))?.used == 1)
    }

    @Test("LIM-4: an answer to an earlier report, a second one, and one that comes too late give nothing")
    func strayAnswers() throws {
        let part = PartBox()
        #expect(part.admit(1, at: now))
        let first = try #require(part.report(at: now))
        let grant = ReservationGrant(first, reserved: 9)
        part.granted(grant, at: now + .seconds(1))
        #expect(!part.admit(3, at: now + .seconds(1)), "too late")
        #expect(part.report(at: now + .seconds(2))?.sequence == 2)
        part.granted(grant, at: now + .seconds(2))
        #expect(!part.admit(3, at: now + .seconds(2)), "to an earlier report")
        let other = ReservationReport(incarnation: 6, sequence: 2, used: 1)
        part.granted(ReservationGrant(other, reserved: 9), at: now + .seconds(2))
        #expect(!part.admit(3, at: now + .seconds(2)), "to an earlier part")
    }

    @Test("LIM-4: reports that are doubled or overtaken change nothing in the row")
    func doubled() {
        var row = ReservationRow(lapse: .keeps)
        let first = ReservationReport(sequence: 1, used: 3, likes: 8)
        let second = ReservationReport(sequence: 2, used: 7, kept: 2, likes: 8)
        let grant = row.exchange(second, from: 1, budget: 10, at: now)
        #expect(grant == ReservationGrant(second, reserved: 2))
        let before = row
        #expect(row.exchange(first, from: 1, budget: 10, at: now) == nil)
        #expect(row.exchange(second, from: 1, budget: 10, at: now) == nil)
        #expect(row == before && row.told == 7 && row.held == 2)
    }

    @Test("LIM-4: a part that a node begins anew for the same cell adds to what the one before told")
    func incarnations() {
        var row = ReservationRow(lapse: .returns)
        let old = ReservationReport(incarnation: 1, sequence: 900, used: 50, likes: 8)
        _ = row.exchange(old, from: 1, budget: 100, at: now)
        let fresh = ReservationReport(incarnation: 2, sequence: 1, used: 50)
        #expect(row.exchange(fresh, from: 1, budget: 100, at: now) != nil)
        #expect(row.told == 100 && row.held == 0)
        let late = ReservationReport(incarnation: 1, sequence: 901, used: 60, likes: 8)
        #expect(row.exchange(late, from: 1, budget: 100, at: now) == nil)
        #expect(row.told == 100 && row.held == 0)
    }

    @Test("LIM-4: a row of a minute keeps what a silent node holds, one of a month returns it after 10 s")
    func lapse() {
        for lapse in [ReservationRow.Lapse.keeps, .returns] {
            var row = ReservationRow(lapse: lapse)
            let report = ReservationReport(sequence: 1, used: 1, needs: 99)
            _ = row.exchange(report, from: 1, budget: 100, at: now)
            #expect(row.held == 99)
            let early = ReservationReport(sequence: 1, used: 0, needs: 99)
            #expect(row.exchange(early, from: 2, budget: 100, at: now + .milliseconds(9_999))?.reserved == 0)
            let late = ReservationReport(sequence: 2, used: 0, needs: 99)
            let grant = row.exchange(late, from: 2, budget: 100, at: now + .seconds(10))
            #expect(grant?.reserved == (lapse == .keeps ? 0 : 99))
        }
    }

    @Test("LIM-4: of what is left a part is kept for a node that comes later, and waiting calls get what they need")
    func parts() {
        var row = ReservationRow(lapse: .keeps)
        let first = row.exchange(ReservationReport(sequence: 1, used: 0, likes: 1000), from: 1, budget: 60, at: now)
        #expect(first?.reserved == 30 && first?.isAmple == true)
        let second = row.exchange(ReservationReport(sequence: 1, used: 0, likes: 1000), from: 2, budget: 60, at: now)
        #expect(second?.reserved == 20)
        let third = row.exchange(ReservationReport(sequence: 1, used: 0, needs: 10), from: 3, budget: 60, at: now)
        #expect(third?.reserved == 10 && row.held == 60)
        let one = row.exchange(ReservationReport(sequence: 2, used: 0, needs: 60), from: 1, budget: 60, at: now)
        #expect(one?.reserved == 30, "never what others hold")
        let little = row.exchange(ReservationReport(sequence: 2, used: 0, likes: 1), from: 2, budget: 60, at: now)
        #expect(little?.reserved == 8, "an eighth at least")
    }

    @Test("LIM-4: a row stays small under nodes that come and go, and forgets no unit")
    func bounded() {
        var row = ReservationRow(lapse: .keeps)
        for node in 0..<1000 {
            let report = ReservationReport(sequence: 1, used: 1)
            _ = row.exchange(report, from: Int64(node), budget: 10_000, at: now + .seconds(node))
        }
        #expect(row.shares.count == ReservationRow.maximumShares)
        #expect(row.told == 1000)
    }

    @Test("LIM-4: a cell's budget grows as the cell before slides out")
    func budget() {
        let minute = Duration.minutes(1)
        for (elapsed, expected) in [(0, 40), (15, 55), (30, 70), (59, 99)] {
            let budget = SlidingWindow.budget(limit: 100, previous: 60, elapsed: .seconds(elapsed), length: minute)
            #expect(budget == expected)
        }
        #expect(SlidingWindow.budget(limit: 10, previous: 60, elapsed: .zero, length: minute) == 0)
    }
}

/// Holds a node's part, so that an expectation may ask it.
private final class PartBox {
    private var part = LimitReservations(incarnation: 7)

    var used: Int { part.used }
    var unreserved: Int { part.unreserved }
    var isSettled: Bool { part.isSettled }

    func hasRoom(for units: Int, at now: Instant) -> Bool { part.hasRoom(for: units, at: now) }

    func admit(_ units: Int, at now: Instant) -> Bool { part.admit(units, at: now) }

    func isDue(at now: Instant) -> Bool { part.isDue(at: now) }

    func report(at now: Instant) -> ReservationReport? { part.report(at: now) }

    func granted(_ grant: ReservationGrant, at now: Instant) { part.granted(grant, at: now) }

    func failed() { part.failed() }
}
