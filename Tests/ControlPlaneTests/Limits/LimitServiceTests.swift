import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite struct LimitServiceTests {
    @Test("LIM-4: of 64 calls at once against one unit left, one is admitted", arguments: [1, 2, 63])
    func parallel(left: Int) async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_minute":100}"#)
            let text = try await bench.tokens.create().token.revealed()
            let cost = try #require(LimitCost(100 - left))
            #expect(try await bench.ask(text, cost: cost).isValid)
            let admitted = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<64 { group.addTask { try await bench.ask(text).isValid } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(admitted == left)
        }
    }

    @Test("LIM-2: a refused call costs nothing, tells when there is room, and a call of no units is a look")
    func refusal() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"burst":5,"per_minute":6,"monthly_quota":1000}"#)
            let text = try await bench.tokens.create().token.revealed()
            let (five, two) = (try #require(LimitCost(5)), try #require(LimitCost(2)))
            #expect(try await bench.ask(text, cost: five).isValid)
            for _ in 0..<10 {
                let refused = try await bench.ask(text, cost: two).refused
                #expect(refused?.code == .rateLimitExceeded)
                let headers = try #require(refused?.limits?.headers)
                #expect(
                    headers.retryAfter.flatMap { Int($0) } ?? 0 > 1,
                    "the minute holds it up longer than the second"
                )
            }
            #expect(try await bench.ask(text, cost: .look).isValid)
            bench.tokens.bench.clock.advance(by: .seconds(2))
            #expect(try await bench.ask(text).isValid, "the sixth unit of the minute")
            #expect(try await !bench.ask(text).isValid)
        }
    }

    @Test(
        "LIM-1: a token's own figures stand in the place of the plan's; a change counts at once, and no use is forgotten"
    )
    func override() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_hour":3}"#)
            let grant = try await bench.tokens.create()
            let text = grant.token.revealed()
            for _ in 0..<3 { #expect(try await bench.ask(text).isValid) }
            #expect(try await !bench.ask(text).isValid)
            try await bench.setOverride(#"{"per_hour":5}"#, of: grant.view.token.id)
            for _ in 0..<2 { #expect(try await bench.ask(text).isValid) }
            #expect(try await !bench.ask(text).isValid)
            try await bench.setOverride(#"{"per_hour":0}"#, of: grant.view.token.id)
            #expect(try await !bench.ask(text).isValid)
        }
    }

    @Test("LIM-3, LIM-1: a quota warns once at each threshold and ends with its own code")
    func quota() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"monthly_quota":100}"#)
            let grant = try await bench.tokens.create()
            let text = grant.token.revealed()
            for (units, threshold) in [(79, nil), (1, 80), (14, 80), (1, 95), (4, 95), (1, 100)] as [(Int, Int?)] {
                guard case .valid(let valid) = try await bench.ask(text, cost: try #require(LimitCost(units))) else {
                    Issue.record("refused before the quota's end")
                    return
                }
                #expect(valid.limits?.threshold?.rawValue == threshold)
            }
            #expect(try await bench.ask(text).outcome == "QuotaExhausted")
            await bench.service.limits.warn()
            await bench.service.limits.warn()
            let notices = try await bench.database.read { tx in
                try tx.rows("SELECT body FROM notification WHERE kind = 'token.quota_reached' ORDER BY id", []) {
                    try $0.text(0)
                }
            }
            #expect(notices.count == 3)
            let events = try await bench.tokens.bench.events(try bench.tokens.organization)
            #expect(events.filter { $0.action == "token.quota_reached" }.count == 3)
        }
    }

    @Test("LIM-4: what was told before a crash counts after the restart")
    func restart() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_day":10,"monthly_quota":12}"#)
            let text = try await bench.tokens.create().token.revealed()
            for _ in 0..<7 { #expect(try await bench.ask(text).isValid) }
            await bench.service.limits.exchange()
            bench.tokens.index.forgetEverything()
            let restarted = VerificationBench(bench.tokens)
            for _ in 0..<3 { #expect(try await restarted.ask(text).isValid) }
            #expect(try await restarted.ask(text).outcome == "RateLimitExceeded")
            bench.tokens.bench.clock.advance(by: .days(2))
            for _ in 0..<2 { #expect(try await restarted.ask(text).isValid) }
            #expect(try await restarted.ask(text).outcome == "QuotaExhausted")
        }
    }

    @Test("LIM-4: three nodes stay within 5 % and two units per node and tenth of a second, and use most of the limit")
    func threeNodes() async throws {
        try await VerificationBench.run { bench in
            let limit = 300
            try await bench.setPlan(#"{"per_minute":300,"monthly_quota":100000}"#)
            let text = try await bench.tokens.create().token.revealed()
            let nodes = (0..<3).map { _ in VerificationBench(bench.tokens, isShared: true) }
            var admitted = 0
            // Every round is 25 ms of all nodes: some calls, then an exchange of each.
            for round in 0..<80 {
                for (place, node) in nodes.enumerated() where (round + place) % 7 != 0 {
                    for _ in 0..<5 where try await node.ask(text).isValid { admitted += 1 }
                }
                for node in nodes { await node.service.limits.exchange() }
                try await Task.sleep(for: .milliseconds(25))
            }
            let tenths = 30
            #expect(admitted <= limit + limit / 20 + 2 * 3 * tenths)
            #expect(admitted >= limit * 9 / 10)
        }
    }

    @Test("LIM-1: without a plan and figures of its own a token has no limits, and nothing is kept of it")
    func unlimited() async throws {
        try await VerificationBench.run { bench in
            let text = try await bench.tokens.create().token.revealed()
            for _ in 0..<100 { #expect(try await bench.ask(text, cost: try #require(LimitCost(1000))).isValid) }
            #expect(bench.service.limits.count == 0)
        }
    }
}
