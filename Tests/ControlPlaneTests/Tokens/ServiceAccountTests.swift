import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Service accounts")
struct ServiceAccountTests {
    @Test("ORG-6: nobody gives an account a role above their own rights, at its making or by a change")
    func roles() async throws {
        try await TokenBench.run { bench in
            let manager = try await bench.member("boss@example.org", .manager)
            let denied = PermissionOverrides(granted: [], denied: PermissionSet(.agentsRevoke))
            try await bench.change(manager, to: Membership(role: .manager, status: .active, overrides: denied))
            for role in [WorkspaceRole.manager, .developer] {
                await expectRefusal(.permissionExceedsOwner) {
                    try await bench.accounts.create(ServiceAccountDraft(name: "a", role: role), caller: manager)
                }
            }
            let made = try await bench.accounts.create(ServiceAccountDraft(name: "a", role: .viewer), caller: manager)
            var patch = ServiceAccountPatch()
            patch.role = .set(.developer)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.accounts.update(made.account.id, patch, caller: manager)
            }
            #expect(try await bench.accounts.get(made.account.id, caller: manager).account.role == .viewer)
            let denials = try await bench.denials()
            #expect(denials.count == 3 && denials.allSatisfy { $0.reason?.hasPrefix("policy violation") == true })
        }
    }

    @Test("ORG-6, ORG-7: a program with a narrow token makes no account that may do more than the token")
    func byToken() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create("maker", ["service_accounts:*", "agents:read", "tokens:own"])
            let caller = try await bench.show(grant.token)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.accounts.create(ServiceAccountDraft(name: "a", role: .viewer), caller: caller)
            }
            let reading = ["agents", "workspace", "org", "settings", "registered_scopes", "keys", "analytics"]
            let wide = ["service_accounts:*", "tokens:own"] + reading.map { $0 + ":read" }
            let viewer = try await bench.show(try await bench.create("wide", wide).token)
            _ = try await bench.accounts.create(ServiceAccountDraft(name: "a", role: .viewer), caller: viewer)
        }
    }

    @Test("ORG-5: a custom role stands instead of the account's, and one of another organization doesn't exist")
    func customRole() async throws {
        try await TokenBench.run { bench in
            let (organization, now) = (try bench.organization, bench.bench.clock.now())
            let role = CustomRole(
                id: bench.bench.context.ids.next(),
                organizationID: organization,
                name: "pauser",
                permissions: PermissionSet([.agentsPause])
            )
            try await bench.bench.database.write { _ = try CustomRoleStore.insert(role, now: now, in: $0) }
            let draft = ServiceAccountDraft(name: "a", role: .viewer, customRole: role.id)
            let made = try await bench.accounts.create(draft, caller: bench.owner).account
            let token = try await bench.create("t", ["agents:pause"], for: .serviceAccount(made.id)).token
            #expect(try await bench.show(token).decide(.agentsPause) == .allowed)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.create("u", ["agents:read"], for: .serviceAccount(made.id))
            }
            let free: CustomRoleID = bench.bench.context.ids.next()
            await expectRefusal(.invalidFields) {
                let draft = ServiceAccountDraft(name: "b", role: .viewer, customRole: free)
                return try await bench.accounts.create(draft, caller: bench.owner)
            }
        }
    }

    @Test("TOK-10, ORG-6: an account outlives its maker; paused it stops its tokens, deleted it revokes them for ever")
    func life() async throws {
        try await TokenBench.run { bench in
            let manager = try await bench.member("boss@example.org", .manager)
            let draft = ServiceAccountDraft(name: "robot", role: .developer)
            let id = try await bench.accounts.create(draft, caller: manager).account.id
            let grants = [
                try await bench.create("one", for: .serviceAccount(id), by: manager),
                try await bench.create("two", for: .serviceAccount(id), by: manager),
            ]
            try await bench.change(manager, to: Membership(role: .manager, status: .removed))
            for grant in grants { _ = try await bench.show(grant.token) }
            _ = try await bench.accounts.pause(id, reason: nil, caller: bench.owner)
            _ = try await bench.accounts.pause(id, reason: nil, caller: bench.owner)
            for grant in grants { await expectRefusal(.invalidToken) { try await bench.show(grant.token) } }
            _ = try await bench.accounts.resume(id, reason: nil, caller: bench.owner)
            for grant in grants { _ = try await bench.show(grant.token) }
            #expect(try await bench.accounts.get(id, caller: bench.owner).tokens == 2)
            try await bench.accounts.delete(id, caller: bench.owner)
            for grant in grants { await expectRefusal(.revokedToken) { try await bench.show(grant.token) } }
            await expectRefusal(.notFound) { try await bench.accounts.delete(id, caller: bench.owner) }
            await expectRefusal(.notFound) { try await bench.accounts.resume(id, reason: nil, caller: bench.owner) }
            await expectRefusal(.notFound) { try await bench.create("three", for: .serviceAccount(id)) }
            #expect(try await bench.accounts.list(limit: 50, after: nil, caller: bench.owner).items.isEmpty)
            let events = try await bench.bench.events(bench.organization).map(\.action)
            #expect(events.filter { $0 == "token.revoke" }.count == 2)
            #expect(events.filter { $0 == "service_account.pause" }.count == 1, "the second changed nothing")
            // Its name is free again, its id is not.
            #expect(try await bench.accounts.create(draft, caller: bench.owner).account.id != id)
        }
    }

    @Test("ORG-1: an account of another workspace or organization answers like a free id, whatever is done to it")
    func others() async throws {
        try await TokenBench.run { bench in
            let id = try await bench.account("robot", .viewer).id
            let free: ServiceAccountID = bench.bench.context.ids.next()
            let organization = try bench.organization
            let callers = [organization, bench.bench.context.ids.next()].map { organization in
                Caller(
                    actor: Actor(kind: .user, id: "usr_stranger", name: nil),
                    organizationID: organization,
                    workspaceID: bench.bench.context.ids.next(),
                    requestID: "r",
                    surface: .api,
                    rights: .holder(.all)
                )
            }
            for caller in callers {
                for target in [id, free] {
                    await expectRefusal(.notFound) { try await bench.accounts.get(target, caller: caller) }
                    await expectRefusal(.notFound) {
                        try await bench.accounts.update(target, ServiceAccountPatch(), caller: caller)
                    }
                    await expectRefusal(.notFound) {
                        try await bench.accounts.pause(target, reason: nil, caller: caller)
                    }
                    await expectRefusal(.notFound) { try await bench.accounts.delete(target, caller: caller) }
                    await expectRefusal(.notFound) {
                        try await bench.create("t", for: .serviceAccount(target), by: caller)
                    }
                }
            }
        }
    }

    @Test("TOK-8: names from nothing to 256 characters, taken ones too, are refused by field")
    func names() async throws {
        try await TokenBench.run { bench in
            for (name, isRight) in [
                ("", false), (" ", false), ("a", true), (String(repeating: "x", count: 255), true),
                (String(repeating: "x", count: 256), false), ("a\u{7}", false), ("\u{202E}a", false),
            ] {
                let draft = ServiceAccountDraft(name: name, role: .viewer)
                guard isRight else {
                    await expectRefusal(.invalidFields) { try await bench.accounts.create(draft, caller: bench.owner) }
                    continue
                }
                let made = try await bench.accounts.create(draft, caller: bench.owner).account
                await expectRefusal(.nameTaken) { try await bench.accounts.create(draft, caller: bench.owner) }
                var patch = ServiceAccountPatch()
                patch.name = .clear
                await expectRefusal(.invalidFields) {
                    try await bench.accounts.update(made.id, patch, caller: bench.owner)
                }
            }
        }
    }
}

extension TokenBench {
    var accounts: ServiceAccountService { ServiceAccountService(context: bench.context, routes: RouteActions()) }
}
