import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite struct VerificationTests {
    @Test("TOK-5: each state of a token has its own code")
    func codes() async throws {
        try await VerificationBench.run { bench in
            let (tokens, owner) = (bench.tokens.tokens, bench.tokens.owner)
            let grant = try await bench.tokens.create("one", ["agents:read"], expiry: .days(7))
            let (text, id) = (grant.token.revealed(), grant.view.token.id)
            #expect(try await bench.ask(text).isValid)
            #expect(try await bench.ask("clv_pt_garbage").outcome == "InvalidToken")
            let unknown = Token.make(.service, random: .system).revealed()
            #expect(try await bench.ask(unknown).outcome == "InvalidToken")
            _ = try await tokens.pause(id, reason: nil, caller: owner)
            #expect(try await bench.ask(text).outcome == "SuspendedToken")
            _ = try await tokens.resume(id, reason: nil, caller: owner)
            let rotated = try #require(try await tokens.rotate(id, grace: nil, reason: nil, caller: owner).grant)
            #expect(try await bench.ask(text).outcome == "RotatedOutToken")
            let second = rotated.token.revealed()
            #expect(try await bench.ask(second).isValid)
            bench.tokens.bench.clock.advance(by: .days(7))
            #expect(try await bench.ask(second).outcome == "ExpiredToken")
            _ = try await tokens.revoke(id, reason: nil, caller: owner)
            #expect(try await bench.ask(second).outcome == "RevokedToken")
        }
    }

    @Test("TOK-5, ORG-1: a token of one organization is no token at the protected API of another, and leaves no trace")
    func otherOrganization() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            let other = try await bench.stranger()
            let api = try await bench.api(organization: other)
            let text = grant.token.revealed()
            for answer in [try await bench.ask(text, at: api), try await bench.ask(text, organization: other)] {
                #expect(answer.outcome == "InvalidToken")
                #expect(answer.refused?.token == nil)
            }
            _ = try await bench.tokens.tokens.revoke(grant.view.token.id, reason: nil, caller: bench.tokens.owner)
            #expect(try await bench.ask(text, at: api).outcome == "InvalidToken")
            #expect(try await bench.service.api(api.id, of: bench.tokens.organization) == nil)
        }
    }

    @Test("TOK-5: kind, audience, scopes and address are asked for by the protected API")
    func place() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create("one", ["agents:read"], addresses: ["192.0.2.0/24"])
            let text = grant.token.revealed()
            let open = try await bench.api()
            let here = "192.0.2.9"
            #expect(try await bench.ask(text, at: open, from: here).isValid)
            #expect(try await bench.ask(text, at: open, from: "::ffff:192.0.2.9").isValid)
            #expect(try await bench.ask(text, at: open, from: "198.51.100.1").outcome == "AddressNotAllowed")
            #expect(try await bench.ask(text, at: open).outcome == "AddressNotAllowed", "no trustworthy address")
            let services = try await bench.api(kinds: [.service])
            #expect(try await bench.ask(text, at: services, from: here).outcome == "InvalidToken")
            let audience = try await bench.api(audience: "billing")
            #expect(try await bench.ask(text, at: audience, from: here).outcome == "InvalidToken")
            let scoped = try await bench.api(scopes: [Scope(.agentsRotate)])
            let refused = try await bench.ask(text, at: scoped, from: here).refused
            #expect(refused?.code == .insufficientScope && refused?.missingScope == "agents:rotate")
        }
    }

    @Test("TOK-5: a protected API that changes or goes counts at the next request")
    func changedAPI() async throws {
        try await VerificationBench.run { bench in
            let api = try await bench.api()
            let now = bench.tokens.bench.clock.now()
            #expect(try await bench.service.api(api.id) == api)
            var other = api
            other.audience = "billing"
            let changed = other
            try await bench.tokens.bench.context.write { _ = try ProtectedAPIStore.update(changed, now: now, in: $0) }
            #expect(try await bench.service.api(api.id) == changed)
            try await bench.tokens.bench.context.write { _ = try ProtectedAPIStore.delete(api.id, now: now, in: $0) }
            #expect(try await bench.service.api(api.id) == nil)
        }
    }

    @Test("TOK-5: revoking at OAuth's endpoint ends the live token that is shown, and nothing else")
    func revoke() async throws {
        try await VerificationBench.run { bench in
            let (owner, clock) = (bench.tokens.owner, bench.tokens.bench.clock)
            let (one, other) = (try await bench.tokens.create("one"), try await bench.tokens.create("other"))
            let foreign = Caller(
                actor: .anonymous,
                organizationID: try await bench.stranger(),
                workspaceID: nil,
                requestID: "req",
                surface: .api,
                rights: .holder(PermissionSet(Permission.tokensVerify))
            )
            let text = one.token.revealed()
            #expect(try await !bench.service.revoke(text, caller: foreign))
            #expect(try await !bench.service.revoke("garbage", caller: owner))
            #expect(try await !bench.service.revoke(Token.make(.personal, random: .system).revealed(), caller: owner))
            #expect(try await bench.ask(text).isValid)
            #expect(try await bench.service.revoke(text, caller: owner))
            #expect(try await bench.ask(text).outcome == "RevokedToken")
            #expect(try await !bench.service.revoke(text, caller: owner), "it is revoked already")
            clock.advance(by: .days(30))
            #expect(try await !bench.service.revoke(other.token.revealed(), caller: owner), "it has expired")
        }
    }

    @Test("TOK-5, ORG-6: who asks needs tokens:verify, by scope and by their owner's rights")
    func asker() async throws {
        try await VerificationBench.run { bench in
            let origin = bench.tokens.bench.stranger()
            let good = try await bench.tokens.create("good", ["tokens:verify"])
            let poor = try await bench.tokens.create("poor", ["agents:read"])
            let asked = try await bench.service.asker(bearer: good.token.revealed(), origin: origin, route: nil)
            #expect(asked.organization == (try bench.tokens.organization))
            await expectRefusal(.insufficientScope) {
                try await bench.service.asker(bearer: poor.token.revealed(), origin: origin, route: nil)
            }
        }
    }
}
