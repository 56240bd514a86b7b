import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Limits of a token's own")
struct TokenLimitTests {
    @Test("LIM-1: narrower than the plan for whoever may change the token, wider for administrators only, audited")
    func override() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            try await bench.givePlan(LimitFigures(perMinute: 60, perDay: 1000))
            let id = try await bench.create("t", by: member).view.token.id
            let set = { (figures: LimitFigures?, caller: Caller) in
                var patch = APITokenPatch()
                if let figures { patch.limits = .set(figures) } else { patch.limits = .clear }
                return try await bench.tokens.update(id, patch, caller: caller).token.profile.limits?.figures
            }
            for figures in [
                LimitFigures(perMinute: 0), LimitFigures(perMinute: 60), LimitFigures(burst: 1_000_000, perDay: 999),
            ] {
                #expect(try await set(figures, member) == figures)
                #expect(try await bench.tokens.get(id, caller: member).token.profile.limits?.figures == figures)
            }
            for figures in [LimitFigures(perMinute: 61), LimitFigures(perMinute: 1, perDay: 1001)] {
                await expectRefusal(.permissionDenied) { try await set(figures, member) }
            }
            let denials = try await bench.denials()
            #expect(denials.count == 2 && denials.allSatisfy { $0.reason?.hasPrefix("policy violation") == true })
            let wide = LimitFigures(perMinute: 61)
            #expect(try await set(wide, bench.owner) == wide)
            let beside = LimitFigures(perMinute: 61, perHour: 5)
            #expect(try await set(beside, member) == beside, "what is there may stay")
            #expect(try await bench.limits(of: id) == ["per_minute": 61, "per_hour": 5, "per_day": 1000])
            #expect(try await set(nil, member) == nil)
            await expectRefusal(.permissionDenied) { try await set(wide, member) }
            for figures in [LimitFigures(perMinute: -1), LimitFigures(monthlyQuota: 1_000_000_000_001)] {
                await expectRefusal(.invalidFields) { try await set(figures, bench.owner) }
            }
        }
    }

    @Test("LIM-1: at creation the same holds, and what was narrower under a greater plan widens no smaller one")
    func creation() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            try await bench.givePlan(LimitFigures(perMinute: 1200))
            let draft = { (name: String, perMinute: Int) in
                APITokenDraft(
                    name: name,
                    scopes: ["agents:read"],
                    limits: LimitFigures(perMinute: perMinute),
                    expiry: .days(30)
                )
            }
            await expectRefusal(.permissionDenied) {
                try await bench.tokens.create(draft("wide", 1201), for: .caller, caller: member)
            }
            let narrow = try await bench.tokens.create(draft("narrow", 1000), for: .caller, caller: member)
            let wide = try await bench.tokens.create(draft("wide", 1201), for: .caller, caller: bench.owner)
            try await bench.givePlan(LimitFigures(perMinute: 60))
            #expect(try await bench.limits(of: narrow.view.token.id) == ["per_minute": 60])
            #expect(try await bench.limits(of: wide.view.token.id) == ["per_minute": 1201])
            let event = try await bench.bench.events(bench.organization).first { $0.action == "token.create" }
            #expect(event?.after?.contains(#""limits":{"per_minute":1201}"#) == true, "\(event?.after ?? "")")
        }
    }

    @Test("TOK-4: details tell each limit that holds with what is used of it, and looking takes nothing")
    func standings() async throws {
        try await VerificationBench.run { bench in
            try await bench.setPlan(#"{"per_minute":60,"monthly_quota":1000}"#)
            let (context, owner) = (bench.tokens.bench.context, bench.tokens.owner)
            let tokens = TokenService(context: context, limits: bench.service.limits, routes: RouteActions())
            let grant = try await bench.tokens.create("t")
            let id = grant.view.token.id
            var patch = APITokenPatch()
            patch.limits = .set(LimitFigures(perMinute: 5))
            let change = patch
            _ = try await tokens.update(id, change, caller: owner)
            for _ in 1...3 { #expect(try await bench.ask(grant.token.revealed()).isValid) }
            for _ in 1...2 {
                let limits = try await tokens.details(id, caller: owner).limits
                #expect(limits.map(\.kind) == [.minute, .month])
                #expect(limits.map(\.limit) == [5, 1000] && limits.map(\.left) == [2, 997])
            }
            for _ in 1...2 { #expect(try await bench.ask(grant.token.revealed()).isValid) }
            #expect(try await !bench.ask(grant.token.revealed()).isValid)
            #expect(try await tokens.details(id, caller: owner).limits.map(\.left) == [0, 995])
            _ = try await tokens.revoke(id, reason: nil, caller: owner)
            #expect(try await tokens.details(id, caller: owner).limits.isEmpty)
        }
    }
}

extension TokenBench {
    /// Puts the organization on a plan with these figures.
    fileprivate func givePlan(_ figures: LimitFigures) async throws {
        let plans = PlanService(context: bench.context)
        let name = "plan \(bench.context.ids.next(PlanID.self).text.suffix(10))"
        let plan = try await plans.create(name: name, figures: figures, caller: bench.host)
        _ = try await plans.assign(plan.plan.id, to: organization, caller: bench.host)
    }

    /// The limits that hold for a token, by name.
    fileprivate func limits(of id: CredentialID) async throws -> [String: Int] {
        let limits = try await bench.database.read { try TokenLimitStore.limits(of: id, in: $0).effective }
        return Dictionary(
            uniqueKeysWithValues: LimitKind.allCases.compactMap { kind in
                limits[kind].map { (kind.field, $0) }
            }
        )
    }
}
