import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("What a token can't get by rotation, routes or races")
struct TokenEscalationTests {
    @Test("ORG-7, ROT-13: a token is not shown the text of another that may do more than it")
    func siblings() async throws {
        try await TokenBench.run { bench in
            let wide = try await bench.create("wide", ["agents:*"]).view.token.id
            let same = try await bench.create("same", ["tokens:rotate"]).view.token.id
            let account = try await bench.account("robot", .developer)
            let service = try await bench.create("s", ["agents:read"], for: .serviceAccount(account.id)).view.token.id
            let grant = try await bench.create(
                "rotator",
                ["tokens:rotate", "service_accounts:rotate", "service_accounts:read"]
            )
            let caller = try await bench.show(grant.token)
            for id in [wide, service] {
                await expectRefusal(.permissionExceedsOwner) {
                    try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: caller)
                }
                let view = try await bench.tokens.get(id, caller: bench.owner)
                #expect(view.token.generation == 1)
            }
            #expect(try await bench.denials().first?.reason?.hasPrefix("policy violation") == true)
            _ = try await bench.tokens.rotate(same, grace: nil, reason: nil, caller: caller)
        }
    }

    @Test("ORG-7: who may rotate accounts' tokens but holds less than one may do is not shown its text")
    func narrowManager() async throws {
        try await TokenBench.run { bench in
            let account = try await bench.account("robot", .developer)
            let token = try await bench.create("s", ["agents:revoke"], for: .serviceAccount(account.id)).view.token.id
            let manager = try await bench.member("boss@example.org", .manager)
            let denied = PermissionOverrides(granted: [], denied: PermissionSet(.agentsRevoke))
            try await bench.change(manager, to: Membership(role: .manager, status: .active, overrides: denied))
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.tokens.rotate(token, grace: nil, reason: nil, caller: manager)
            }
        }
    }

    @Test("ROT-13: an old text in its grace gets no new one; after a rotation by itself it may try again")
    func oldText() async throws {
        try await TokenBench.run { bench in
            let account = try await bench.account("robot", .developer)
            let first = try await bench.create("s", ["agents:read"], for: .serviceAccount(account.id))
            let id = first.view.token.id
            _ = try await bench.tokens.rotate(id, grace: .hours(24), reason: nil, caller: bench.owner)
            let old = try await bench.show(first.token)
            await expectRefusal(.rotatedOutToken) {
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: old)
            }
            let mine = try await bench.create("p", ["agents:read"])
            let caller = try await bench.show(mine.token)
            _ = try await bench.tokens.rotate(mine.view.token.id, grace: nil, reason: nil, caller: caller)
            let lost = try await bench.show(mine.token)
            let third = try await bench.tokens.rotate(mine.view.token.id, grace: nil, reason: nil, caller: lost)
            _ = try await bench.show(try #require(third.grant).token)
        }
    }

    @Test("TOK-3: a scope of one route gives what that route does and no other right, on that route either")
    func routeScope() async throws {
        try await TokenBench.run { bench in
            let scope = "endpoint:GET:/api/v1/agents/{id}"
            let grant = try await bench.create("narrow", [scope])
            let route = ScopeRoute(method: "GET", template: "/api/v1/agents/{id}")
            let there = try await bench.show(grant.token, at: route)
            #expect(there.decide(.agentsRead) == .allowed)
            for action in ScopeAction.allCases where action != .agentsRead {
                #expect(there.decide(action) != .allowed, "\(action.text)")
            }
        }
    }

    @Test("ORG-7: rights that were lost after a request was let in give nothing any more")
    func staleRights() async throws {
        try await TokenBench.run { bench in
            let manager = try await bench.member("boss@example.org", .manager)
            let account = try await bench.account("robot", .developer)
            let own = try await bench.create("own", ["tokens:*", "agents:*"], by: manager)
            let program = try await bench.show(own.token)
            try await bench.change(manager, to: Membership(role: .viewer, status: .active))
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.create("s", ["agents:rotate"], for: .serviceAccount(account.id), by: manager)
            }
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.create("p", ["agents:rotate"], by: program)
            }
            _ = try await bench.tokens.revoke(own.view.token.id, reason: nil, caller: bench.owner)
            await expectRefusal(.revokedToken) { try await bench.create("p", ["agents:read"], by: program) }
        }
    }

    @Test("ORG-9: a rotation keeps the length of life, as far as the policy of now lets it")
    func rotationUnderPolicy() async throws {
        try await TokenBench.run { bench in
            let long = try await bench.create("long", expiry: .days(365)).view.token.id
            let endless = try await bench.create("endless", expiry: .none).view.token.id
            try await bench.setPolicy(OrganizationPolicy(maximumLifetime: [.personal: .days(30)]))
            let end = bench.bench.clock.now() + .days(30)
            for id in [long, endless] {
                #expect(try await bench.tokens.get(id, caller: bench.owner).outOfPolicy.isEmpty == false)
                let rotated = try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner)
                let view = try #require(rotated.grant).view
                #expect(view.token.current.expiresAt == end && view.outOfPolicy.isEmpty)
            }
        }
    }

    @Test("TOK-3: a token keeps scopes that were unregistered since, and a change of its name needs nobody's leave")
    func keptScopes() async throws {
        try await TokenBench.run { bench in
            let (organization, now) = (try bench.organization, bench.bench.clock.now())
            let scope = RegisteredScope(name: "invoices:read", description: "", isAdminOnly: true)
            try await bench.bench.database.write { tx in
                try RegisteredScopeStore.put(scope, organization: organization, now: now, in: tx)
            }
            let member = try await bench.member("dev@example.org", .developer)
            let id = try await bench.create("t", ["agents:read"], by: member).view.token.id
            var patch = APITokenPatch()
            patch.scopes = .set(["agents:read", "invoices:read"])
            await expectRefusal(.invalidFields) { try await bench.tokens.update(id, patch, caller: member) }
            _ = try await bench.tokens.update(id, patch, caller: bench.owner)
            var name = APITokenPatch()
            name.name = .set("renamed")
            let view = try await bench.tokens.update(id, name, caller: member)
            #expect(view.token.profile.scopes.texts == ["agents:read", "invoices:read"])
            #expect(!view.access.registered.contains("invoices:read"), "its owner isn't an administrator")
        }
    }
}
