import Domain
import Synchronization
import Testing

@Suite("The limits of one subject")
struct LimitStateTests {
    private let now = Instant(microseconds: 1_795_269_600_250_000)

    private func state(_ figures: LimitFigures) -> LimitState {
        LimitState(limits: EffectiveLimits(plan: LimitPlan(id: LimitPlan.free.id, name: "x", figures: figures)))
    }

    private func figures(_ kind: LimitKind, _ figure: Int) -> LimitFigures {
        var figures = LimitFigures()
        figures[kind] = figure
        return figures
    }

    @Test(
        "LIM-4: at a limit of 0, 1 and many exactly so many calls pass, the next does not",
        arguments: LimitKind.allCases
    )
    func edges(kind: LimitKind) throws {
        for limit in [0, 1, 2, 1000] {
            var state = state(figures(kind, limit))
            for number in 0..<limit {
                let allowed = state.take(at: now)
                #expect(allowed.isAllowed)
                guard case .allowed(let allowance) = allowed else { continue }
                #expect(allowance.left == figures(kind, limit - number - 1))
            }
            _ = state.take(.look, at: now)
            let before = state
            guard case .refused(let refusal) = state.take(at: now) else {
                Issue.record("\(kind) \(limit)")
                continue
            }
            #expect(state == before, "a refused call changes nothing")
            #expect(refusal.kind == kind && refusal.limit == limit && refusal.left == figures(kind, 0))
            #expect((refusal.availableAt == nil) == (limit == 0))
            let look = state.take(.look, at: now)
            #expect(look.isAllowed, "a look is never refused")
        }
    }

    @Test("LIM-4: costs from 0 to 1000 are taken whole or not at all", arguments: LimitKind.allCases)
    func costs(kind: LimitKind) throws {
        #expect(LimitCost(-1) == nil && LimitCost(1001) == nil && LimitCost(.min) == nil && LimitCost(.max) == nil)
        for cost in [0, 1, 999, 1000] {
            let cost = try #require(LimitCost(cost))
            var exact = state(figures(kind, cost.units))
            #expect(exact.take(cost, at: now).isAllowed)
            #expect(exact.take(at: now).isAllowed == false)
            guard cost.units > 0 else { continue }
            var short = state(figures(kind, cost.units - 1))
            _ = short.take(.look, at: now)
            let before = short
            #expect(short.take(cost, at: now).isAllowed == false)
            #expect(short == before)
            #expect(short.take(.look, at: now).isAllowed)
        }
    }

    @Test("LIM-2: a call refused by one limit takes nothing of the others, and the slowest limit is named")
    func allOrNothing() {
        var state = state(LimitFigures(burst: 5, perMinute: 3, perHour: 100, perDay: 3, monthlyQuota: 1000))
        for _ in 0..<3 { #expect(state.take(at: now).isAllowed) }
        for _ in 0..<50 {
            guard case .refused(let refusal) = state.take(at: now) else {
                Issue.record("passed")
                return
            }
            #expect(refusal.kind == .day && refusal.limit == 3)
            #expect(refusal.left == LimitFigures(burst: 2, perMinute: 0, perHour: 97, perDay: 0, monthlyQuota: 997))
        }
    }

    @Test("LIM-2: the same call passes exactly when the refusal says, and not a microsecond before")
    func exactInstant() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        var refusals = 0
        for _ in 0..<300 {
            var state = state(LimitFigures(burst: 3, perMinute: 20, perHour: 60, perDay: 200, monthlyQuota: 400))
            var now = now + .microseconds(Int64.random(in: 0...90_000_000_000, using: &generator))
            for _ in 0..<80 {
                let cost = try #require(LimitCost(Int.random(in: 1...3, using: &generator)))
                now += .microseconds(Int64.random(in: 0...40_000_000, using: &generator))
                guard case .refused(let refusal) = state.take(cost, at: now) else { continue }
                refusals += 1
                let moment = try #require(refusal.availableAt)
                var (early, late) = (state, state)
                #expect(early.take(cost, at: moment - .microseconds(1)).isAllowed == false, "seed \(seed)")
                #expect(late.take(cost, at: moment).isAllowed, "seed \(seed)")
                let wait = refusal.retryAfterSeconds
                #expect(now + .seconds(wait) >= moment && now + .seconds(wait - 1) < moment, "seed \(seed)")
            }
        }
        #expect(refusals > 1000)
    }

    @Test("LIM-3: the call that reaches a threshold says so, and no other call")
    func warnings() {
        var state = state(LimitFigures(monthlyQuota: 100))
        var raised: [Int: QuotaThreshold] = [:]
        for number in 1...120 {
            if case .allowed(let allowance) = state.take(at: now) { raised[number] = allowance.raised }
        }
        #expect(raised == [80: .eighty, 95: .ninetyFive, 100: .full])
        #expect(state.threshold(at: now) == .full)
    }

    @Test("LIM-1: limits that change keep what was counted")
    func exchange() {
        var state = state(LimitFigures())
        for _ in 0..<10 { #expect(state.take(at: now).isAllowed) }
        state.limits = self.state(LimitFigures(perMinute: 11, monthlyQuota: 11)).limits
        #expect(state.take(at: now).isAllowed)
        #expect(state.take(at: now).isAllowed == false)
    }

    @Test("LIM-4: of 64 parallel calls against one unit left exactly one passes", arguments: LimitKind.allCases)
    func parallel(kind: LimitKind) async {
        for _ in 0..<20 {
            let state = Mutex(state(figures(kind, 8)))
            for _ in 0..<7 { _ = state.withLock { $0.take(at: now) } }
            let passed = await Threads.run(64) { state.withLock { $0.take(at: now).isAllowed } }
            #expect(passed.filter { $0 }.count == 1)
        }
    }

    @Test("LIM-4: a corrected clock neither gives units away nor locks out for more than two windows")
    func clockGoesBack() {
        for step in [1, 500_000, 61_000_000, 3_600_000_000, 90_000_000_000] as [Int64] {
            var state = state(LimitFigures(burst: 5, perMinute: 5, perHour: 5))
            for _ in 0..<5 { #expect(state.take(at: now).isAllowed) }
            let back = now - .microseconds(step)
            #expect(state.take(at: back).isAllowed == false)
            #expect(state.take(at: back + .hours(2)).isAllowed)
        }
    }
}
