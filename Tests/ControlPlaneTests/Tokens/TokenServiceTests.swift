import ControlPlane
import Domain
import Store
import StrictJSON
import Testing

@Suite("Personal and service tokens")
struct TokenServiceTests {
    @Test("TOK-1, ORG-6: a personal token does what its scopes and its owner's rights both allow, and no more")
    func intersection() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let grant = try await bench.create("ci", ["agents:read", "agents:pause"], by: member)
            let caller = try await bench.show(grant.token)
            #expect(caller.actor.id == member.actor.id && caller.credentialID == grant.view.token.id)
            #expect(caller.decide(.agentsRead) == .allowed)
            #expect(caller.decide(.agentsRotate) == .outOfScope, "its owner may, its scopes don't say so")
            let context = bench.bench.context
            let refusal = await #expect(throws: ControlPlaneError.self) {
                try await context.authorize(caller, .agentsRotate, as: "rotation.request")
            }
            #expect(refusal?.code == .insufficientScope)
            #expect(refusal?.details == ["scope": "agents:rotate"])

            try await bench.change(member, to: Membership(role: .viewer, status: .active))
            let later = try await bench.show(grant.token)
            #expect(later.decide(.agentsRead) == .allowed)
            #expect(later.decide(.agentsPause) == .beyondOwner, "the token follows its owner's role at once")
        }
    }

    @Test(
        "ORG-4, TOK-10: the token of a member who is not active any more is refused at once",
        arguments: [MembershipStatus.paused, .removed, .invited]
    )
    func inactiveOwner(_ status: MembershipStatus) async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let grant = try await bench.create(by: member)
            _ = try await bench.show(grant.token)
            try await bench.change(member, to: Membership(role: .developer, status: status))
            await expectRefusal(.invalidToken) { try await bench.show(grant.token) }
            try await bench.change(member, to: Membership(role: .developer, status: .active))
            _ = try await bench.show(grant.token)
        }
    }

    @Test(
        "ORG-7: nobody makes a token wider than themselves; the attempt is audited as a policy violation",
        arguments: ["agents:rotate", "agents:*", "org:manage", "server:plans", "tokens:manage"]
    )
    func exceeds(_ scope: String) async throws {
        try await TokenBench.run { bench in
            let viewer = try await bench.member("viewer@example.org", .viewer)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.create("x", ["agents:read", scope], by: viewer)
            }
            let denial = try #require(try await bench.denials().first)
            #expect(denial.action == "token.create" && denial.actor.id == viewer.actor.id)
            #expect(denial.reason?.contains("policy violation") == true && denial.reason?.contains(scope) == true)
            #expect(try await bench.tokens.list(APITokenQuery(), caller: viewer).items.isEmpty)

            let grant = try await bench.create("narrow", by: viewer)
            var wider = APITokenPatch()
            wider.scopes = .set(["agents:read", scope])
            let patch = wider
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.tokens.update(grant.view.token.id, patch, caller: viewer)
            }
        }
    }

    @Test("ORG-7: a token makes no token wider than itself, though its owner could")
    func tokenMakesToken() async throws {
        try await TokenBench.run { bench in
            let maker = try await bench.create("maker", ["tokens:create", "agents:read"])
            let caller = try await bench.show(maker.token)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.create("wide", ["agents:read", "agents:rotate"], by: caller)
            }
            let made = try await bench.create("narrow", ["agents:read"], by: caller)
            #expect(try await bench.show(made.token).decide(.agentsRead) == .allowed)
        }
    }

    @Test("TOK-3: a scope of one route counts there, and of one agent for it alone")
    func narrowScopes() async throws {
        try await TokenBench.run { bench in
            let (one, other): (AgentID, AgentID) = (bench.bench.context.ids.next(), bench.bench.context.ids.next())
            let scopes = ["endpoint:GET:/api/v1/agents/{id}", "agents:rotate:\(one.text)"]
            let grant = try await bench.create("narrow", scopes)
            let route = ScopeRoute(method: "GET", template: "/api/v1/agents/{id}")
            let there = try await bench.show(grant.token, at: route)
            #expect(there.decide(.agentsRead, agent: other) == .allowed)
            let elsewhere = try await bench.show(grant.token)
            #expect(elsewhere.decide(.agentsRead, agent: other) == .outOfScope)
            #expect(elsewhere.decide(.agentsRotate, agent: one) == .allowed)
            #expect(elsewhere.decide(.agentsRotate, agent: other) == .outOfScope)
            #expect(elsewhere.decide(.agentsRotate) == .outOfScope)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.create("no such route", ["endpoint:GET:/api/v1/elsewhere"])
            }
        }
    }

    @Test("TOK-1: paused, resumed and revoked; what is dead stays dead")
    func life() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create()
            let id = grant.view.token.id
            for _ in 1...2 {
                #expect(try await bench.tokens.pause(id, reason: "r", caller: bench.owner).token.state == .paused)
            }
            await expectRefusal(.suspendedToken) { try await bench.show(grant.token) }
            _ = try await bench.tokens.resume(id, reason: nil, caller: bench.owner)
            _ = try await bench.show(grant.token)
            for _ in 1...2 {
                #expect(try await bench.tokens.revoke(id, reason: nil, caller: bench.owner).token.state == .revoked)
            }
            await expectRefusal(.revokedToken) { try await bench.show(grant.token) }
            await expectRefusal(.illegalTransition) {
                try await bench.tokens.resume(id, reason: nil, caller: bench.owner)
            }
            await expectRefusal(.illegalTransition) {
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner)
            }
            let actions = try await bench.bench.events(bench.organization).map(\.action).filter {
                $0.hasPrefix("token.")
            }
            #expect(actions == ["token.revoke", "token.resume", "token.pause", "token.create"])
        }
    }

    @Test("TOK-4, AUD-1: refusals of a token that is known are its own, counted, and stand among its events")
    func refusals() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create(expiry: .days(7))
            let id = grant.view.token.id
            _ = try await bench.tokens.pause(id, reason: nil, caller: bench.owner)
            for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1"] {
                await expectRefusal(.suspendedToken) { try await bench.show(grant.token, from: address) }
            }
            let unknown = Token.make(.personal, random: .system)
            await expectRefusal(.invalidToken) { try await bench.show(unknown) }
            await bench.bench.denials.flush(everything: true)
            let events = try await bench.tokens.details(id, caller: bench.owner).events
            let refusal = try #require(events.first { $0.outcome == .denied })
            #expect(refusal.action == "session.authenticate" && refusal.reason == "SuspendedToken")
            #expect(refusal.count == 3 && refusal.credentialID == id)
            #expect(refusal.actor.id == bench.owner.actor.id)
            #expect(try await bench.denials().filter { $0.count == 3 }.count == 1)
        }
    }

    @Test("TOK-7: an expired token is refused at use, to the microsecond")
    func expiry() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create(expiry: .days(7))
            bench.bench.clock.advance(by: .days(7) - .microseconds(1))
            _ = try await bench.show(grant.token)
            bench.bench.clock.advance(by: .microseconds(1))
            await expectRefusal(.expiredToken) { try await bench.show(grant.token) }
        }
    }

    @Test("TOK-1: an address list is kept, IPv4-mapped IPv6 included, and without an address nobody passes")
    func addresses() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create(addresses: ["192.0.2.0/30", "2001:db8::/64"])
            for good in ["192.0.2.0", "192.0.2.3", "::ffff:192.0.2.1", "2001:db8::ffff"] {
                _ = try await bench.show(grant.token, from: good)
            }
            for bad in ["192.0.2.4", "192.0.1.255", "2001:db8:0:1::", "::192.0.2.1", "unknown"] {
                await expectRefusal(.addressNotAllowed) { try await bench.show(grant.token, from: bad) }
            }
        }
    }

    @Test("ORG-9: policies bound lifetimes, the number of tokens and addresses when a token is made")
    func policies() async throws {
        try await TokenBench.run { bench in
            let account = try await bench.account("robot", .developer)
            var policy = OrganizationPolicy(maximumLifetime: [.personal: .days(30)], maximumTokensPerOwner: 1)
            policy.serviceTokensNeedAddresses = true
            try await bench.setPolicy(policy)
            for expiry in [APITokenDraft.Expiry.days(90), .none] {
                await expectRefusal(.invalidFields) { try await bench.create(expiry: expiry) }
            }
            _ = try await bench.create("one", expiry: .days(30))
            await expectRefusal(.invalidFields) { try await bench.create("two", expiry: .days(30)) }
            await expectRefusal(.invalidFields) { try await bench.create(for: .serviceAccount(account.id)) }
            _ = try await bench.create(addresses: ["192.0.2.1"], for: .serviceAccount(account.id))
        }
    }

    @Test("ORG-9: a policy on scopes counts at the next use of tokens that exist")
    func scopePolicy() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let grant = try await bench.create("ci", ["agents:read", "agents:rotate"], by: member)
            let allowed = try #require(ScopeSet([Scope(.agentsRead)]))
            try await bench.setPolicy(OrganizationPolicy(allowedScopes: [.workspace(.developer): allowed]))
            let caller = try await bench.show(grant.token)
            #expect(caller.decide(.agentsRotate) == .deniedByPolicy)
            #expect(caller.decide(.agentsRead) == .allowed)
            let view = try await bench.tokens.get(grant.view.token.id, caller: bench.owner)
            #expect(view.outOfPolicy == [.scopesNotAllowed(["agents:rotate"])])
        }
    }

    @Test("ORG-3: a token of a program does nothing that is a person's own business")
    func notAPerson() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create("all", ["agents:*", "tokens:*", "org:manage"])
            let caller = try await bench.show(grant.token)
            await expectRefusal(.wrongCredentialKind) { try await bench.bench.accounts.sessions(caller: caller) }
            await expectRefusal(.wrongCredentialKind) { try await bench.bench.accounts.logout(caller: caller) }
            let account = try await bench.account("robot", .manager)
            let service = try await bench.create("s", ["tokens:own"], for: .serviceAccount(account.id))
            let robot = try await bench.show(service.token)
            await expectRefusal(.wrongCredentialKind) { try await bench.create("own", by: robot) }
        }
    }
}
