import ControlPlane
import Domain
import SQLDatabase
import Store
import Synchronization
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
            let flood = try await Self.running(nodes) { try await Self.flood(nodes, text) }
            // LIM-4's bound over the time in which calls passed, and not over the time that the test took.
            let tenths = Int(flood.passing.wholeMicroseconds / 100_000) + 1
            #expect(flood.admitted <= limit + limit / 20 + 2 * 3 * tenths, "\(flood)")
            #expect(flood.admitted >= limit, "\(flood)")
            let after = try await nodes[0].ask(text).refused
            #expect(after?.code == .rateLimitExceeded)
        }
    }

    /// Sixteen callers at each node, who go on until no call has passed for a second.
    private static func flood(
        _ nodes: [VerificationBench],
        _ text: String
    ) async throws -> (admitted: Int, passing: Duration) {
        let begun = ContinuousClock.now
        let tally = Tally(begun)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes + nodes + nodes + nodes {
                for _ in 0..<4 {
                    group.addTask {
                        while ContinuousClock.now - tally.counts.last < .seconds(1) {
                            if try await node.ask(text).isValid {
                                tally.add()
                            } else {
                                try await Task.sleep(for: .milliseconds(5))
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        return (tally.counts.admitted, tally.counts.last - begun)
    }

    /// How many calls have passed, and when the last one did.
    private final class Tally: Sendable {
        private let state: Mutex<(admitted: Int, last: ContinuousClock.Instant)>

        init(_ begun: ContinuousClock.Instant) { state = Mutex((admitted: 0, last: begun)) }

        var counts: (admitted: Int, last: ContinuousClock.Instant) { state.withLock { $0 } }

        func add() { state.withLock { $0 = ($0.admitted + 1, ContinuousClock.now) } }
    }

    /// Runs the nodes' exchanges beside the body.
    private static func running<T: Sendable>(
        _ nodes: [VerificationBench],
        _ body: () async throws -> T
    ) async throws -> T {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for node in nodes { group.addTask { try await node.service.limits.run() } }
            let result = try await body()
            group.cancelAll()
            return result
        }
    }

    @Test(
        "LIM-4: a quota counts over sessions with pauses in which the token is forgotten, on one node exactly",
        arguments: [false, true]
    )
    func sessions(isShared: Bool) async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_day":1000,"monthly_quota":100}"#)
            let text = try await bench.tokens.create().token.revealed()
            let clock = bench.tokens.bench.clock
            let node = VerificationBench(bench.tokens, isShared: isShared) { clock.now() }
            let limits = node.service.limits
            var admitted = 0
            for session in 1...4 {
                for _ in 0..<50 {
                    if try await node.ask(text).isValid { admitted += 1 }
                    clock.advance(by: .milliseconds(100))
                    await limits.exchange()
                }
                #expect(admitted == min(100, 50 * session), "session \(session)")
                for _ in 0..<3 {
                    clock.advance(by: .seconds(2))
                    await limits.exchange()
                }
                clock.advance(by: .minutes(3))
                await limits.forget()
                #expect(limits.count == 0)
                node.tokens.index.forgetEverything()
            }
            #expect(try await node.ask(text).outcome == "QuotaExhausted")
        }
    }

    @Test("LIM-4: a call that finds no grant waits for the next exchange, and no longer than a tenth of a second")
    func waiting() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_minute":1000}"#)
            let text = try await bench.tokens.create().token.revealed()
            let cost = try #require(LimitCost(10))
            let node = VerificationBench(bench.tokens, isShared: true)
            let refused = try await node.ask(text, cost: cost).refused
            #expect(refused?.code == .rateLimitExceeded, "nobody exchanges")
            #expect(refused?.limits?.headers?.retryAfter == "1")
            try await Self.running([node]) {
                var tries = 0
                while try await !node.ask(text, cost: cost).isValid, tries < 50 { tries += 1 }
                #expect(tries < 50)
            }
        }
    }

    @Test("LIM-4: with 2,000 tokens in use at once on a node that shares none starves, and every call is told")
    func manyTokens() async throws {
        try await VerificationBench.run { bench in
            let figures = LimitPlan.enterprise.figures
            let limits = EffectiveLimits(plan: LimitPlan(id: LimitPlan.free.id, name: "x", figures: figures))
            let tokens = (0..<2000).map { _ in IndexSample.token(limits: limits) }
            let node = VerificationBench(bench.tokens, isShared: true)
            let refused = try await Self.running([node]) {
                await withTaskGroup(of: Int.self) { group in
                    for part in 0..<8 {
                        group.addTask {
                            var refused = 0
                            for _ in 0..<4 {
                                for token in tokens[(part * 250)..<(part * 250 + 250)] {
                                    let outcome = await node.service.limits.take(token, .one, wantsStandings: false)
                                    if outcome?.decision.isAllowed != true { refused += 1 }
                                }
                                try? await Task.sleep(for: .milliseconds(250))
                            }
                            return refused
                        }
                    }
                    return await group.reduce(0, +)
                }
            }
            #expect(refused == 0)
            await node.service.limits.exchange(isClosing: true)
            let told = try await bench.database.read { tx in
                try tokens.map { try LimitLedgerStore.all(of: $0.id, endingAfter: .earliest, in: tx) }
            }
            let days = told.map { $0.filter { $0.kind == .day }.reduce(0) { $0 + $1.used } }
            #expect(days.allSatisfy { $0 == 4 }, "\(days.count { $0 != 4 }) tokens were not told in full")
        }
    }

    @Test("LIM-4: a ledger that can't be read is the trouble of its token alone")
    func damaged() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_hour":1000}"#)
            let (one, other) = (try await bench.tokens.create("one"), try await bench.tokens.create("other"))
            for grant in [one, other] { #expect(try await bench.ask(grant.token.revealed()).isValid) }
            let id = one.view.token.id
            _ = try await bench.database.write { tx in
                try tx.execute(
                    "INSERT INTO limit_ledger (subject, cells, ends_at, version) VALUES (?, ?, 0, 1)",
                    [.text(id.text), .text("[1,")]
                )
            }
            await bench.service.limits.exchange()
            let told = try await bench.database.read { tx in
                try LimitLedgerStore.all(of: other.view.token.id, endingAfter: .earliest, in: tx)
            }
            #expect(told.first?.used == 1)
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
