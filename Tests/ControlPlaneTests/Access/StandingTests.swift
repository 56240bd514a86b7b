import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("What a caller may give at this moment")
struct StandingTests {
    @Test("ORG-6, ORG-7: who was let in as admin and demoted since gives nothing any more, in the same request")
    func race() async throws {
        try await TokenBench.run { bench in
            let members = MemberService(context: bench.bench.context, routes: RouteActions())
            let invitations = InvitationService(context: bench.bench.context, accounts: bench.bench.accounts)
            let roles = RoleService(context: bench.bench.context, routes: RouteActions())
            let eve = try await bench.member("eve@example.org", .viewer)
            // The caller still carries the rights of an admin; the database says a plain member.
            let stale = Caller(
                actor: eve.actor,
                organizationID: eve.organizationID,
                workspaceID: eve.workspaceID,
                requestID: "req-stale",
                surface: .api,
                rights: .holder(OrganizationRole.admin.permissionSet)
            )
            let list = try await members.list(MemberFilter(), caller: stale)
            let id = try #require(list.items.first { $0.user.email == "eve@example.org" }?.id)
            var patch = MembershipPatch()
            patch.role = "admin"
            let widened = patch
            await expectRefusal(.permissionDenied) { try await members.update(id, widened, caller: stale) }
            await expectRefusal(.permissionDenied) { try await members.pause(id, reason: nil, caller: stale) }
            await expectRefusal(.permissionDenied) {
                try await invitations.invite(InvitationDraft(email: "x@example.org", role: "member"), caller: stale)
            }
            await expectRefusal(.permissionDenied) {
                try await roles.create(CustomRoleDraft(name: "R", permissions: ["agents:read"]), caller: stale)
            }
        }
    }

    @Test("ORG-7: a token gives no more than its scopes, whoever owns it")
    func tokens() async throws {
        try await TokenBench.run { bench in
            let roles = RoleService(context: bench.bench.context, routes: RouteActions())
            let grant = try await bench.create("clerk", ["roles:create", "agents:pause"])
            let caller = try await bench.show(grant.token)
            _ = try await roles.create(CustomRoleDraft(name: "A", permissions: ["agents:pause"]), caller: caller)
            await expectRefusal(.permissionExceedsOwner) {
                try await roles.create(CustomRoleDraft(name: "B", permissions: ["agents:rotate"]), caller: caller)
            }
            await expectRefusal(.insufficientScope) {
                try await roles.update(
                    CustomRoleID(value: TypeIDValue(high: 1, low: 1)),
                    CustomRolePatch(permissions: ["agents:read"]),
                    caller: caller
                )
            }
        }
    }

    @Test("ORG-5: what somebody holds in one workspace isn't theirs to give in the whole organization")
    func workspaceRights() async throws {
        try await TokenBench.run { bench in
            let members = MemberService(context: bench.bench.context, routes: RouteActions())
            let eve = try await bench.member("eve@example.org", .manager)
            let (workspace, now) = (try bench.workspace, bench.bench.clock.now())
            let user = try #require(eve.actor.id.flatMap { UserID($0) })
            let overrides = PermissionOverrides(granted: [.init(.orgManage)])
            let wider = Membership(role: WorkspaceRole.manager, status: .active, overrides: overrides)
            try await bench.bench.database.write { tx in
                _ = try MembershipStore.change(to: wider, user: user, workspace: workspace, now: now, in: tx)
            }
            let caller = Caller(
                actor: eve.actor,
                organizationID: eve.organizationID,
                workspaceID: eve.workspaceID,
                requestID: "req",
                surface: .api,
                rights: .holder(wider.rolePermissions.union([.init(.orgManage)]))
            )
            _ = try await bench.member("bob@example.org", .viewer)
            let list = try await members.list(MemberFilter(), caller: caller)
            let id = try #require(list.items.first { $0.user.email == "bob@example.org" }?.id)
            var patch = MembershipPatch()
            patch.grant = ["agents:enroll"]
            let granted = patch
            await expectRefusal(.permissionExceedsOwner) { try await members.update(id, granted, caller: caller) }
        }
    }
}
