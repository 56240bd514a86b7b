import Domain
import Testing

@Suite("Limits that would do")
struct LimitAdviceTests {
    private let start = Instant(microseconds: 1_795_269_600_000_000)

    private func limits(_ figures: LimitFigures) -> EffectiveLimits {
        EffectiveLimits(plan: LimitPlan(id: LimitPlan.free.id, name: "x", figures: figures))
    }

    private func minutes(_ calls: [Int: Int], refused: Int = 0) -> [LimitAdvice.Minute] {
        calls.sorted { $0.key < $1.key }
            .map { .init(start: start + .minutes($0.key), calls: $0.value, refused: min(refused, $0.value)) }
    }

    @Test(
        "LIM-5: a limit is suggested a quarter above the peak, with two digits",
        arguments: [(60, 60, nil), (60, 61, 77), (60, 100, 130), (0, 1, 2), (60, 1234, 1600), (1, 3, 4)]
            as [(Int, Int, Int?)]
    )
    func suggestion(limit: Int, peak: Int, suggested: Int?) {
        let lines = LimitAdvice.lines(minutes([0: 1, 7: peak, 9: 1]), limits: limits(LimitFigures(perMinute: limit)))
        #expect(lines.map(\.kind) == [.minute] && lines.first?.limit == limit)
        #expect(lines.first?.peak == peak && lines.first?.suggested == suggested)
    }

    @Test(
        "LIM-5: each window's peak is its own: minutes apart count together in the hour, day and month that hold both"
    )
    func windows() {
        let calls = [0: 10, 30: 10, 59: 10, 60: 10, 90: 5, 26 * 60: 7, 11 * 24 * 60: 9]
        let figures = LimitFigures(burst: 5, perMinute: 10, perHour: 20, perDay: 100, monthlyQuota: 40)
        let lines = LimitAdvice.lines(minutes(calls), limits: limits(figures))
        #expect(lines.map(\.kind) == LimitKind.allCases)
        #expect(lines.map(\.peak) == [nil, 10, 30, 45, 52], "November's; the last call is December's")
        #expect(lines.map(\.suggested) == [nil, nil, 38, nil, 65])
    }

    @Test("LIM-5: refusals that no longer window explains speak for a wider limit of a second")
    func burst() {
        let figures = LimitFigures(burst: 10, perMinute: 60)
        let explained = LimitAdvice.lines(minutes([0: 100], refused: 40), limits: limits(figures))
        #expect(explained.map(\.suggested) == [nil, 130])
        let unexplained = LimitAdvice.lines(minutes([0: 30], refused: 20), limits: limits(figures))
        #expect(unexplained.map(\.suggested) == [20, nil])
        #expect(LimitAdvice.lines(minutes([0: 30]), limits: limits(figures)).map(\.suggested) == [nil, nil])
        #expect(LimitAdvice.lines([], limits: limits(figures)).map(\.peak) == [nil, 0])
        #expect(LimitAdvice.lines(minutes([0: 30]), limits: .none).isEmpty)
    }
}
