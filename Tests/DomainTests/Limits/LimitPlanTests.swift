import Domain
import Testing

@Suite("Limit plans and overrides")
struct LimitPlanTests {
    private func plan(_ figures: LimitFigures, name: String = "team") -> LimitPlan {
        LimitPlan(id: LimitPlan.free.id, name: name, figures: figures)
    }

    @Test("LIM-1: the built-in plans are free, pro and enterprise, without fault and each wider than the one before")
    func builtIn() {
        #expect(LimitPlan.builtIn.map(\.name) == ["free", "pro", "enterprise"])
        #expect(Set(LimitPlan.builtIn.map(\.id)).count == 3)
        for plan in LimitPlan.builtIn {
            #expect(plan.faults == [])
            #expect(PlanID(plan.id.text) == plan.id)
        }
        for (smaller, larger) in zip(LimitPlan.builtIn, LimitPlan.builtIn.dropFirst()) {
            #expect(!LimitOverride(smaller.figures).isWider(than: larger))
            #expect(LimitOverride(larger.figures).isWider(than: smaller))
        }
    }

    @Test(
        "LIM-1: every figure is accepted at 0, 1 and its maximum, and refused beside them",
        arguments: LimitKind.allCases
    )
    func edges(kind: LimitKind) {
        let maximum = kind.range.upperBound
        for figure in [0, 1, maximum] {
            var figures = LimitFigures()
            figures[kind] = figure
            #expect(plan(figures).faults == [])
            #expect(LimitOverride(figures).faults == [])
        }
        for figure in [-1, maximum + 1, Int.min, Int.max] {
            var figures = LimitFigures()
            figures[kind] = figure
            let fault = LimitFault(field: kind.field, message: kind.rangeSentence)
            #expect(plan(figures).faults == [fault])
            #expect(LimitOverride(figures).faults == [fault])
            let limits = EffectiveLimits(plan: LimitPlan.free, override: LimitOverride(figures, widening: [kind]))
            #expect(limits[kind] == (figure < 0 ? 0 : maximum))
        }
    }

    @Test("LIM-1: a limit above that of a longer window is a fault, one sentence per field")
    func order() {
        let faults = plan(LimitFigures(burst: 11, perMinute: 100, perHour: 10, perDay: 10, monthlyQuota: 9)).faults
        #expect(faults.map(\.field) == ["burst", "per_minute", "per_hour", "per_day"])
        #expect(faults.first?.message == "must be at most 10, because per_hour would be reached before")
        #expect(plan(LimitFigures(burst: 10, monthlyQuota: 10)).faults == [])
    }

    @Test(
        "LIM-1: a plan's name has 1 to 64 visible characters",
        arguments: [
            ("a", true), (String(repeating: "é", count: 64), true), ("план 中文", true), ("", false), (" a", false),
            ("a ", false), (String(repeating: "a", count: 65), false), ("a\nb", false), ("a\0", false),
            ("a\u{202E}b", false), (String(repeating: "👩‍👩‍👧", count: 64), false),
        ]
    )
    func names(_ name: String, _ accepted: Bool) {
        #expect(plan(LimitFigures(), name: name).faults.map(\.field) == (accepted ? [] : ["name"]))
    }

    @Test("LIM-1: an override stands instead of the plan's figures, above them only where it was let")
    func overrides() {
        let override = LimitOverride(LimitFigures(burst: 5, perMinute: 61, monthlyQuota: 100_000))
        #expect(override.widened(beyond: .free) == [.minute])
        #expect(override.isWider(than: .free))
        #expect(!LimitOverride(LimitFigures()).isWider(than: .free))
        #expect(!LimitOverride(LimitFigures(monthlyQuota: 1)).isWider(than: .enterprise))
        for (widening, perMinute) in [([.minute], 61), ([], 60), ([.burst, .hour], 60)] as [([LimitKind], Int)] {
            let given = LimitOverride(override.figures, widening: Set(widening))
            let limits = EffectiveLimits(plan: .free, override: given)
            #expect(
                limits.figures
                    == LimitFigures(
                        burst: 5,
                        perMinute: perMinute,
                        perHour: 1000,
                        perDay: 10_000,
                        monthlyQuota: 100_000
                    )
            )
        }
    }
}
