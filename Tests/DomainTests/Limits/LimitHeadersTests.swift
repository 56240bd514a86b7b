import Domain
import Testing

@Suite("Header fields of limits")
struct LimitHeadersTests {
    private func state(_ figures: LimitFigures) -> LimitState {
        LimitState(limits: EffectiveLimits(plan: LimitPlan(id: LimitPlan.free.id, name: "x", figures: figures)))
    }

    @Test("LIM-2: an allowed call's fields name every limit, and X-RateLimit the one nearest to its end")
    func allowed() throws {
        let now = try #require(Instant(rfc3339: "2026-11-21T14:00:30.250000Z"))
        var state = state(LimitFigures(burst: 10, perMinute: 60, monthlyQuota: 1000))
        for _ in 0..<6 { #expect(state.take(at: now).isAllowed) }
        let headers = try #require(LimitHeaders(state.standings(at: now), at: now))
        #expect(headers.retryAfter == nil)
        #expect(headers.rateLimitPolicy == #""burst";q=10;w=1, "minute";q=60;w=60, "month";q=1000;w=2592000"#)
        #expect(headers.rateLimit == #""burst";r=4;t=2, "minute";r=54;t=90, "month";r=994;t=813570"#)
        #expect(headers.limit == "10" && headers.remaining == "4")
        #expect(headers.resetsAt.rfc3339 == "2026-11-21T14:00:32.000000Z")
        #expect(headers.reset == "1795269632")
        #expect(headers.fields.map(\.name).contains("Retry-After") == false)
    }

    @Test("LIM-2: a refused call's fields tell of the limit that refused it, to the microsecond and in whole seconds")
    func refused() throws {
        let now = try #require(Instant(rfc3339: "2026-11-21T14:00:30.250000Z"))
        var state = state(LimitFigures(burst: 10, perMinute: 4))
        for _ in 0..<4 { #expect(state.take(at: now).isAllowed) }
        guard case .refused(let refusal) = state.take(at: now) else {
            Issue.record("passed")
            return
        }
        let headers = try #require(LimitHeaders(state.standings(at: now), refusal: refusal, at: now))
        #expect(headers.resetsAt.rfc3339 == "2026-11-21T14:01:15.000000Z")
        #expect(headers.retryAfter == "45")
        #expect(headers.rateLimit == #""burst";r=6;t=2, "minute";r=0;t=45"#)
        #expect(
            headers.fields.map { "\($0.name): \($0.value)" } == [
                "Retry-After: 45", #"RateLimit-Policy: "burst";q=10;w=1, "minute";q=4;w=60"#,
                #"RateLimit: "burst";r=6;t=2, "minute";r=0;t=45"#, "X-RateLimit-Limit: 4", "X-RateLimit-Remaining: 0",
                "X-RateLimit-Reset: 1795269675",
            ]
        )
    }

    @Test("LIM-2: a call that can never pass is told to come back in a day; no limit, no fields")
    func never() throws {
        let now = Instant(microseconds: 0)
        var state = state(LimitFigures(perHour: 0))
        guard case .refused(let refusal) = state.take(at: now) else {
            Issue.record("passed")
            return
        }
        #expect(refusal.availableAt == nil && refusal.retryAfterSeconds == 86_400)
        let headers = try #require(LimitHeaders(state.standings(at: now), refusal: refusal, at: now))
        #expect(headers.rateLimit == #""hour";r=0;t=86400"#)
        #expect(headers.reset == "86400")
        #expect(LimitHeaders([], at: now) == nil)
    }

    @Test("LIM-2: the largest figures fit a structured field's integer of 15 digits")
    func largest() throws {
        var figures = LimitFigures()
        for kind in LimitKind.allCases { figures[kind] = kind.range.upperBound }
        var state = state(figures)
        let headers = try #require(LimitHeaders(state.standings(at: .latest), at: .latest))
        let numbers = "\(headers.rateLimitPolicy), \(headers.rateLimit)".split { !$0.isNumber }
        #expect(numbers.count == 20 && numbers.allSatisfy { $0.count <= 15 })
    }
}
