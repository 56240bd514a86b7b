import ControlPlane
import Domain
import Store
import Testing

@Suite struct VerifiedConflictTests {
    private func conflicts(_ bench: VerificationBench) async throws -> [AuditEvent] {
        try await bench.tokens.denials().filter { $0.action == "access.conflict" }
    }

    @Test(
        "ORG-8: a scope that its owner lost is a conflict where a protected API asks for it: logged once a day and token"
    )
    func beyondOwner() async throws {
        try await VerificationBench.run { bench in
            let eve = try await bench.tokens.member("eve@example.org", .developer)
            let grant = try await bench.tokens.create("deploy", ["agents:rotate", "agents:read"], by: eve)
            let text = grant.token.revealed()
            let api = try await bench.api(scopes: [Scope(.agentsRotate)])
            #expect(try await bench.ask(text, at: api).isValid)
            #expect(try await conflicts(bench).isEmpty)
            try await bench.tokens.change(eve, to: Membership(role: .viewer, status: .active))
            bench.tokens.index.forgetEverything()
            for _ in 1...3 { #expect(try await bench.ask(text, at: api).outcome == "InsufficientScope") }
            let logged = try await conflicts(bench)
            #expect(logged.count == 1)
            #expect(logged.first?.target == AuditTarget(kind: "token", id: grant.view.token.id.text))
            #expect(logged.first?.details?.contains("scope_beyond_owner") == true)
            bench.tokens.bench.clock.advance(by: .days(1))
            #expect(try await bench.ask(text, wants: [Scope(.agentsRotate)]).outcome == "InsufficientScope")
            #expect(try await conflicts(bench).count == 2)
        }
    }

    @Test("ORG-8, ORG-9: what a policy withholds is one, and a scope that the token lacks is none")
    func policy() async throws {
        try await VerificationBench.run { bench in
            let eve = try await bench.tokens.member("eve@example.org", .developer)
            let text = try await bench.tokens.create("deploy", ["agents:rotate"], by: eve).token.revealed()
            #expect(try await bench.ask(text, wants: [Scope(.agentsPause)]).outcome == "InsufficientScope")
            #expect(try await conflicts(bench).isEmpty)
            let allowed = try #require(ScopeSet([Scope(.agentsRead)]))
            try await bench.tokens.setPolicy(OrganizationPolicy(allowedScopes: [.workspace(.developer): allowed]))
            bench.tokens.index.forgetEverything()
            #expect(try await bench.ask(text, wants: [Scope(.agentsRotate)]).outcome == "InsufficientScope")
            let logged = try await conflicts(bench)
            #expect(logged.count == 1)
            #expect(logged.first?.details?.contains("withheld_by_policy") == true)
        }
    }

    @Test("ORG-8: whoever asks with a token whose owner may not ask any more is logged the same way")
    func asker() async throws {
        try await VerificationBench.run { bench in
            let eve = try await bench.tokens.member("eve@example.org", .manager)
            let grant = try await bench.tokens.create("verifier", ["tokens:verify"], by: eve)
            try await bench.tokens.change(eve, to: Membership(role: .viewer, status: .active))
            bench.tokens.index.forgetEverything()
            await expectRefusal(.insufficientScope) {
                try await bench.service.asker(
                    bearer: grant.token.revealed(),
                    origin: bench.tokens.bench.stranger(),
                    route: nil
                )
            }
            #expect(try await conflicts(bench).count == 1)
        }
    }
}
