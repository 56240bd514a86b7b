import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Passwords, recovery and places that are left")
struct OwnershipTests {
    @Test("ORG-3: a sign-in that runs beside a change of the password does not outlive it")
    func signInBesideChange() async throws {
        try await AccessBench.run { bench in
            let (first, caller) = try await bench.owner()
            var current = AccessBench.password
            for round in 1...5 {
                let (old, new) = (current, "another long password \(round)")
                let signedIn = round == 1 ? caller : try await bench.caller(of: bench.login(old))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 1...3 { group.addTask { _ = try? await bench.login(old) } }
                    group.addTask {
                        try await bench.accounts.changePassword(current: old, new: new, caller: signedIn)
                    }
                    try await group.waitForAll()
                }
                current = new
                let now = bench.clock.now()
                let live = try await bench.database.read { tx in
                    try SessionStore.live(of: first.user.id, usedSince: now - .days(1), now: now, in: tx)
                }
                #expect(live.isEmpty, "round \(round): \(live.count)")
            }
        }
    }

    @Test("ORG-3: recovery takes an active owner before a paused one, and one who was removed only by name")
    func recovery() async throws {
        try await TokenBench.run { bench in
            let accounts = bench.bench.accounts
            let ada = try #require(bench.owner.actor.id.flatMap { UserID($0) })
            let eve = try await bench.member("eve@example.org", .viewer)
            let second = try #require(eve.actor.id.flatMap { UserID($0) })
            let (organization, now) = (try bench.organization, bench.bench.clock.now())
            func set(_ user: UserID, _ status: MembershipStatus) async throws {
                let owner = Membership(role: OrganizationRole.owner, status: status)
                try await bench.bench.database.write { tx in
                    _ = try MembershipStore.change(to: owner, user: user, organization: organization, now: now, in: tx)
                }
            }
            func recovered(_ email: String? = nil) async throws -> String? {
                let secret = try await accounts.recoverOwner(email: email, caller: bench.bench.host)
                return secret.email?.text
            }
            try await set(ada, .paused)
            try await set(second, .active)
            #expect(try await recovered() == "eve@example.org")
            try await set(second, .removed)
            #expect(try await recovered() == AccessBench.email)
            try await set(ada, .removed)
            await expectRefusal(.notFound) { try await recovered() }
            #expect(try await recovered("eve@example.org") == "eve@example.org")
        }
    }

    @Test(
        "ORG-4, TOK-3: a token whose owner has no place in the workspace left does nothing, with registered scopes neither"
    )
    func withoutPlace() async throws {
        try await TokenBench.run { bench in
            let scopes = RegisteredScopeService(context: bench.bench.context, routes: RouteActions())
            _ = try await scopes.create(RegisteredScope(name: "invoices:read", description: ""), caller: bench.owner)
            let eve = try await bench.member("eve@example.org", .viewer)
            let grant = try await bench.create("invoices", ["invoices:read"], by: eve)
            _ = try await bench.show(grant.token)
            let user = try #require(eve.actor.id.flatMap { UserID($0) })
            let organization = try bench.organization
            // Through the context, so that the node's index hears of it.
            try await bench.bench.context.write { tx in
                try MemberStore.leaveWorkspaces(of: user, organization: organization, in: tx)
            }
            await expectRefusal(.invalidToken) { try await bench.show(grant.token) }
        }
    }
}

extension AccessBench {
    fileprivate func login(_ password: String) async throws -> SignedIn {
        try await accounts.login(email: Self.email, password: password, caller: stranger())
    }
}
