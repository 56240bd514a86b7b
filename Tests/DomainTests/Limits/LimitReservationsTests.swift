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
                    let slots = cluster.millisecond / 100 + 1
                    #expect(cluster.unreserved <= 2 * (3 * (slots + 1) + cluster.crashes), name)
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
            while cluster.call(0) {}
            #expect(cluster.admitted >= limit, "seed \(seed)")
            #expect(cluster.admitted <= limit + cluster.unreserved, "seed \(seed)")
        }
    }

    @Test("LIM-4: when all traffic moves to another node it gets on within 200 ms")
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
            #expect(last <= 200, "seed \(seed)")
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
    func edges() {
        let part = PartBox()
        #expect(part.report(at: now) == nil)
        #expect(part.admit(0, at: now))
        #expect(!part.hasRoom(for: 3, at: now) && !part.admit(3, at: now))
        #expect(part.admit(2, at: now) && !part.admit(1, at: now))
        #expect(part.hasRoom(for: 2, at: now + LimitReservations.interval))
        let report = part.report(at: now)
        #expect(report == ReservationReport(sequence: 1, used: 2, kept: 0, wants: true))
        #expect(part.report(at: now + .milliseconds(999)) == nil, "an answer is awaited")
        let grant = ReservationGrant(sequence: 1, used: 2, reserved: 5, left: 5, sharers: 1)
        part.granted(grant, at: now + .milliseconds(5))
        #expect(!part.admit(6, at: now + .milliseconds(5)) && part.admit(5, at: now + .milliseconds(5)))
        #expect(!part.admit(1, at: now + .milliseconds(999)), "it has an answer: nothing is left")
        #expect(part.admit(1, at: now + .seconds(1)), "the answer holds no more")
        #expect(part.used == 8 && part.unreserved == 3)
    }

    @Test("LIM-4: an answer to an earlier report, a second one, and one that comes too late give nothing")
    func strayAnswers() {
        let part = PartBox()
        let grant = ReservationGrant(sequence: 1, used: 0, reserved: 9, left: 9, sharers: 1)
        part.granted(grant, at: now)
        #expect(!part.admit(3, at: now))
        let first = part.report(at: now)
        #expect(first?.sequence == 1)
        part.granted(grant, at: now + .seconds(1))
        #expect(!part.admit(3, at: now + .seconds(1)))
        let second = part.report(at: now + .seconds(2))
        #expect(second?.sequence == 2)
        part.granted(grant, at: now + .seconds(2))
        #expect(!part.admit(3, at: now + .seconds(2)))
    }

    @Test("LIM-4: reports that are doubled or overtaken change nothing in the row")
    func doubled() {
        var row = ReservationRow(lapse: .keeps)
        let first = ReservationReport(sequence: 1, used: 3, kept: 0, wants: true)
        let second = ReservationReport(sequence: 2, used: 7, kept: 2, wants: true)
        let grant = row.exchange(second, from: 1, budget: 10, activeNodes: 3, at: now)
        #expect(grant == ReservationGrant(sequence: 2, used: 7, reserved: 3, left: 3, sharers: 1))
        let before = row
        #expect(row.exchange(first, from: 1, budget: 10, activeNodes: 3, at: now) == nil)
        #expect(row.exchange(second, from: 1, budget: 10, activeNodes: 3, at: now) == nil)
        #expect(row == before && row.told == 7 && row.held == 3)
    }

    @Test("LIM-4: a row of a minute keeps what a silent node holds, one of a month returns it after 10 s")
    func lapse() {
        for lapse in [ReservationRow.Lapse.keeps, .returns] {
            var row = ReservationRow(lapse: lapse)
            let report = ReservationReport(sequence: 1, used: 1, kept: 0, wants: true)
            _ = row.exchange(report, from: 1, budget: 100, activeNodes: 3, at: now)
            #expect(row.held == 99)
            let early = row.exchange(report, from: 2, budget: 100, activeNodes: 3, at: now + .milliseconds(9_999))
            #expect(early?.reserved == 0)
            let late = ReservationReport(sequence: 2, used: 1, kept: 0, wants: true)
            let grant = row.exchange(late, from: 2, budget: 100, activeNodes: 3, at: now + .seconds(10))
            #expect(grant?.reserved == (lapse == .keeps ? 0 : 98))
        }
    }

    @Test("LIM-4: a row stays small under nodes that come and go, and forgets no unit")
    func bounded() {
        var row = ReservationRow(lapse: .keeps)
        for node in 0..<1000 {
            let report = ReservationReport(sequence: 1, used: 1, kept: 0, wants: false)
            _ = row.exchange(report, from: Int64(node), budget: 10_000, activeNodes: 3, at: now + .seconds(node))
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
    private var part = LimitReservations()

    var used: Int { part.used }
    var unreserved: Int { part.unreserved }

    func hasRoom(for units: Int, at now: Instant) -> Bool { part.hasRoom(for: units, at: now) }

    func admit(_ units: Int, at now: Instant) -> Bool { part.admit(units, at: now) }

    func report(at now: Instant) -> ReservationReport? { part.report(at: now) }

    func granted(_ grant: ReservationGrant, at now: Instant) { part.granted(grant, at: now) }
}
