import ControlPlane
import Domain
import Testing

@Suite("A token's limits on several nodes")
struct LimitSharingTests {
    private static let wide = LimitFigures(
        burst: 100_000,
        perMinute: 100_000,
        perHour: 100_000,
        perDay: 100_000,
        monthlyQuota: 100_000
    )

    @Test(
        "LIM-4: a token that is used now and then on three nodes is never refused far below its limits",
        arguments: [1, 7, 50, 90, 100, 130, 500, 999, 1000, 1001, 1100, 2500]
    )
    func slow(pause: Int) {
        for nodes in [1, 3, 8] {
            var cluster = LimitCluster(Self.wide, nodes: nodes)
            cluster.run(pause < 100 ? 3000 : 12_000) { cluster, millisecond in
                for node in 0..<nodes where (millisecond + node * 37) % pause == 0 { cluster.call(node) }
            }
            cluster.run(200)
            #expect(cluster.refusals.isEmpty, "\(nodes) nodes, \(pause) ms: \(cluster.refusals.prefix(1))")
            #expect(cluster.answers.allSatisfy { $0.answeredAt - $0.calledAt <= 96 })
        }
    }

    @Test(
        "LIM-4: calls of any cost pass at an idle token, and so do many calls at once",
        arguments: [3, 10, 200, 1000]
    )
    func costs(units: Int) {
        for nodes in [1, 3] {
            var cluster = LimitCluster(LimitFigures(burst: 1200, perMinute: 50_000, perDay: 90_000), nodes: nodes)
            cluster.run(30_000) { cluster, millisecond in
                if millisecond % 5000 == 1 { cluster.call(millisecond / 5000 % nodes, units) }
            }
            #expect(cluster.answers.count == 6 && cluster.refusals.isEmpty, "\(nodes) nodes, \(units) units")
        }
    }

    @Test("LIM-4: six calls at once of an idle token pass on each plan that has room for them")
    func burst() {
        for figures in [LimitPlan.free.figures, LimitPlan.pro.figures, LimitPlan.enterprise.figures, Self.wide] {
            var cluster = LimitCluster(figures, nodes: 3)
            cluster.run(20_000) { cluster, millisecond in
                guard millisecond % 7000 == 300 else { return }
                for _ in 0..<6 { cluster.call(1) }
            }
            #expect(cluster.answers.count == 18 && cluster.refusals.isEmpty, "\(figures)")
        }
    }

    @Test("LIM-4: traffic that moves from node to node finds what another has not used")
    func moves() {
        var cluster = LimitCluster(LimitFigures(perMinute: 6000, perHour: 100_000), nodes: 3)
        cluster.run(30_000) { cluster, millisecond in
            if millisecond % 20 == 0 { cluster.call(millisecond / 3000 % 3) }
        }
        cluster.run(200)
        #expect(cluster.answers.count == 1500 && cluster.refusals.isEmpty)
    }

    @Test("LIM-4, LIM-2: at a limit of 0 no call passes on any node, however slow", arguments: LimitKind.allCases)
    func nothing(kind: LimitKind) {
        var figures = LimitFigures()
        figures[kind] = 0
        for isShared in [true, false] {
            var cluster = LimitCluster(figures, nodes: isShared ? 3 : 1, isShared: isShared)
            cluster.run(20_000) { cluster, millisecond in
                if millisecond % 1200 == 0 { for node in 0..<(isShared ? 3 : 1) { cluster.call(node) } }
            }
            #expect(cluster.admitted == 0 && !cluster.refusals.isEmpty)
            #expect(cluster.refusals.allSatisfy { $0.kind == kind && !$0.isWithheld })
        }
    }

    @Test("LIM-4: a month that is used up stops callers who are slow, on every node", arguments: [90, 400, 1200, 3100])
    func exhausted(pause: Int) {
        var cluster = LimitCluster(LimitFigures(monthlyQuota: 20), nodes: 3)
        cluster.run(40 * pause) { cluster, millisecond in
            if millisecond % pause == 0 { for node in 0..<3 { cluster.call(node) } }
        }
        // What one tenth of a second may add, once.
        #expect(cluster.admitted <= 20 + 1 + 2 * 3, "\(pause) ms")
        #expect(cluster.admitted >= 20)
        cluster.rest(.minutes(3))
        #expect(cluster.isForgotten)
        let before = cluster.admitted
        cluster.run(20 * pause) { cluster, millisecond in
            if millisecond % pause == 0 { for node in 0..<3 { cluster.call(node) } }
        }
        #expect(cluster.admitted == before && cluster.refusals.last?.kind == .month)
    }

    @Test("LIM-4: calls before a pause count after it, though the node has forgotten the token", arguments: [1, 3])
    func sessions(nodes: Int) {
        for isShared in nodes == 1 ? [true, false] : [true] {
            var cluster = LimitCluster(LimitFigures(perDay: 1000, monthlyQuota: 100), nodes: nodes, isShared: isShared)
            for session in 1...5 {
                var calls = 0
                cluster.run(2000) { cluster, millisecond in
                    guard calls < 50, millisecond % 10 == 0 else { return }
                    calls += 1
                    cluster.call(calls % nodes)
                }
                cluster.rest(.minutes(3))
                #expect(cluster.isForgotten)
                let most = min(100, 50 * session)
                #expect(
                    (most - (nodes - 1)...most + 2 * nodes).contains(cluster.admitted),
                    "session \(session), \(nodes) nodes"
                )
            }
            #expect(nodes > 1 || cluster.admitted == 100, "one node is exact")
        }
    }

    @Test("LIM-4, LIM-1: a kind of limit that leaves the plan and comes back finds what was used meanwhile")
    func returns() {
        for isShared in [true, false] {
            var cluster = LimitCluster(LimitFigures(perHour: 50, perDay: 100), nodes: 1, isShared: isShared)
            let (both, one) = (cluster.limits, EffectiveLimits(plan: plan(LimitFigures(perHour: 50))))
            for limits in [both, one, both] {
                cluster.limits = limits
                cluster.run(2000) { cluster, millisecond in if millisecond % 200 == 0 { cluster.call(0) } }
            }
            #expect(cluster.admitted == 30)
            cluster.limits = EffectiveLimits(plan: plan(LimitFigures(perDay: 35)))
            cluster.run(3000) { cluster, millisecond in if millisecond % 200 == 0 { cluster.call(0) } }
            #expect(cluster.admitted == 35)
        }
    }

    private func plan(_ figures: LimitFigures) -> LimitPlan {
        LimitPlan(id: LimitPlan.free.id, name: "x", figures: figures)
    }

    @Test(
        "LIM-4: a clock that is set back locks nobody out and gives nothing away",
        arguments: [1500, 61_000, 3_700_000]
    )
    func clockBack(step: Int) {
        for nodes in [1, 3] {
            var cluster = LimitCluster(LimitFigures(perMinute: 600, perHour: 20_000, monthlyQuota: 700), nodes: nodes)
            func second(_ cluster: inout LimitCluster, _ millisecond: Int) {
                if millisecond % 100 == 0 { cluster.call(millisecond / 100 % nodes) }
            }
            cluster.run(10_000, second)
            cluster.setClock(0, -step)
            cluster.run(10_000, second)
            cluster.setClock(0, 0)
            cluster.run(10_000, second)
            #expect(cluster.admitted == 300 && cluster.refusals.isEmpty, "\(nodes) nodes")
            cluster.run(60_000, second)
            #expect((700...700 + 2 * nodes).contains(cluster.admitted), "\(nodes) nodes")
        }
    }

    @Test(
        "LIM-4: three nodes under a flood admit no more than the limit and 2 units a node, in any minute of the clock"
    )
    func flood() {
        for limit in [1, 10, 300, 3000] {
            var cluster = LimitCluster(LimitFigures(perMinute: limit, monthlyQuota: 1_000_000), nodes: 3)
            cluster.run(95_000) { cluster, millisecond in
                guard millisecond % 29 == 0 else { return }
                for node in 0..<3 { for _ in 0..<5 { cluster.call(node) } }
            }
            let passed = cluster.answers.filter(\.isAllowed)
            let minutes = Dictionary(grouping: passed) { $0.answeredAt / 60_000 }.mapValues(\.count)
            #expect(minutes[0] ?? 0 >= limit && minutes[0] ?? 0 <= limit + limit / 20 + 2 * 3, "limit \(limit)")
            var most = 0
            for second in 0..<95 {
                let current = passed.count { $0.answeredAt / 60_000 == second / 60 && $0.answeredAt < second * 1000 }
                let part = second < 60 ? 0 : ((minutes[0] ?? 0) * (120 - second) + 59) / 60
                most = max(most, current + part)
            }
            #expect(most <= limit + limit / 20 + 2 * 3 * 2, "limit \(limit): the sliding count reached \(most)")
        }
    }

    @Test("LIM-4: a node that can't reach the others admits 2 units in 100 ms at most, and tells them afterwards")
    func silence() {
        var cluster = LimitCluster(LimitFigures(perHour: 10_000), nodes: 2)
        cluster.setSilent(1, true)
        cluster.run(5000) { cluster, millisecond in if millisecond % 10 == 0 { cluster.call(1) } }
        #expect((90...102).contains(cluster.admitted))
        cluster.setSilent(1, false)
        cluster.run(3000)
        #expect(cluster.ledger.cells.first?.row.told == cluster.admitted)
    }

    @Test("LIM-2: a refused call costs nothing on nodes that share: what is left passes, to the last unit")
    func refused() {
        var cluster = LimitCluster(LimitFigures(perMinute: 500, perHour: 1000), nodes: 3)
        cluster.run(3000) { cluster, millisecond in
            if millisecond % 5 == 0 { cluster.call(millisecond / 5 % 3, 600) }
        }
        cluster.run(200)
        #expect(cluster.admitted == 0 && cluster.refusals.count == 600)
        cluster.run(9000) { cluster, millisecond in if millisecond % 10 == 0 { cluster.call(millisecond / 10 % 3) } }
        #expect((500...506).contains(cluster.admitted))
    }

    @Test("LIM-2: a refusal for want of a grant is no exhausted quota, and says when to come again")
    func withheld() {
        var cluster = LimitCluster(LimitFigures(monthlyQuota: 1000), nodes: 1)
        cluster.setSilent(0, true)
        cluster.call(0, 10)
        cluster.run(200)
        let refusal = cluster.refusals.first
        #expect(cluster.refusals.count == 1 && refusal?.isWithheld == true && refusal?.retryAfterSeconds == 1)
        #expect(refusal?.code == .rateLimitExceeded)
    }
}
