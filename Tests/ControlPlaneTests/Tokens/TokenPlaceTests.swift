import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Rights of one workspace at tokens of another")
struct TokenPlaceTests {
    @Test("ORG-6, ORG-7: an auditor who manages one workspace sees tokens of another, and does nothing to them")
    func auditor() async throws {
        try await TokenBench.run { bench in
            let other = try await bench.workspace("other")
            let elsewhere = bench.owner.moved(to: other)
            let account = try await bench.account("robot", .developer, in: other)
            let service = try await bench.create("s", for: .serviceAccount(account.id), by: elsewhere)
            let personal = try await bench.create("p", by: elsewhere)
            let home = try await bench.create("home")
            let eve = try await bench.auditor("eve@example.org", .manager)
            for grant in [service, personal] {
                let id = grant.view.token.id
                #expect(try await bench.tokens.get(id, caller: eve).token == grant.view.token)
                await expectRefusal(.permissionDenied) {
                    try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: eve)
                }
                await expectRefusal(.permissionDenied) { try await bench.tokens.pause(id, reason: nil, caller: eve) }
                await expectRefusal(.permissionDenied) { try await bench.tokens.revoke(id, reason: nil, caller: eve) }
                var tags = APITokenPatch()
                tags.tags = .set(["mine"])
                let patch = tags
                await expectRefusal(.permissionDenied) { try await bench.tokens.update(id, patch, caller: eve) }
                #expect(try await bench.tokens.get(id, caller: bench.owner).token == grant.view.token)
            }
            let denied = try await bench.denials().filter { $0.actor.id == eve.actor.id }
            #expect(denied.count == 8 && denied.allSatisfy { $0.reason?.contains(other.text) == true })

            let order = TokenBulkOrder(.revoke, TokenQuery(), isDryRun: false, reason: nil)
            let lines = try await bench.tokens.bulk(order, caller: eve).items
            let states = Dictionary(uniqueKeysWithValues: lines.map { ($0.view.token.profile.name, $0.isRefused) })
            #expect(states == ["s": true, "p": true, "home": false])
            _ = try await bench.show(service.token)
            await expectRefusal(.revokedToken) { try await bench.show(home.token) }
        }
    }

    @Test("ORG-5, ORG-6: an administrator who is denied something in a workspace does not do it from another one")
    func deniedThere() async throws {
        try await TokenBench.run { bench in
            let other = try await bench.workspace("other")
            let account = try await bench.account("robot", .developer, in: other)
            let elsewhere = bench.owner.moved(to: other)
            let id = try await bench.create("s", for: .serviceAccount(account.id), by: elsewhere).view.token.id
            let admin = try await bench.administrator("root@example.org", .manager)
            _ = try await bench.tokens.pause(id, reason: nil, caller: admin)
            _ = try await bench.tokens.resume(id, reason: nil, caller: admin)
            let denied = PermissionOverrides(granted: [], denied: PermissionSet(.serviceAccountsManage))
            try await bench.join(admin, other, Membership(role: .manager, status: .active, overrides: denied))
            await expectRefusal(.permissionDenied) { try await bench.tokens.pause(id, reason: nil, caller: admin) }
            // What they may not give there they are not shown either.
            let narrow = PermissionOverrides(granted: [], denied: PermissionSet(.agentsRead))
            try await bench.join(admin, other, Membership(role: .manager, status: .active, overrides: narrow))
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: admin)
            }
            #expect(try await bench.tokens.get(id, caller: bench.owner).token.generation == 1)
        }
    }

    @Test("ORG-6, ROT-13: a token does nothing to its owner's tokens of another workspace; its owner does")
    func ownElsewhere() async throws {
        try await TokenBench.run { bench in
            let other = try await bench.workspace("other")
            let there = try await bench.create("there", by: bench.owner.moved(to: other))
            let here = try await bench.create("here", ["tokens:*", "agents:*"])
            let (id, program) = (there.view.token.id, try await bench.show(here.token))
            await expectRefusal(.permissionDenied) {
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: program)
            }
            await expectRefusal(.permissionDenied) { try await bench.tokens.revoke(id, reason: nil, caller: program) }
            var name = APITokenPatch()
            name.name = .set("mine")
            let patch = name
            await expectRefusal(.permissionDenied) { try await bench.tokens.update(id, patch, caller: program) }
            #expect(
                try await bench.denials().filter { $0.target == AuditTarget(kind: "token", id: id.text) }.count == 3
            )
            let rotated = try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner)
            #expect(rotated.grant != nil)
        }
    }

    @Test("TOK-1: a name is its owner's once in the organization, in whichever workspace; others may have it too")
    func names() async throws {
        try await TokenBench.run { bench in
            let other = try await bench.workspace("other")
            let first = try await bench.create("ci")
            await expectRefusal(.nameTaken) { try await bench.create("ci", by: bench.owner.moved(to: other)) }
            let second = try await bench.create("cd", by: bench.owner.moved(to: other))
            var name = APITokenPatch()
            name.name = .set("ci")
            let patch = name
            await expectRefusal(.nameTaken) {
                try await bench.tokens.update(second.view.token.id, patch, caller: bench.owner)
            }
            let member = try await bench.member("dev@example.org", .developer)
            _ = try await bench.create("ci", by: member)
            _ = try await bench.tokens.revoke(first.view.token.id, reason: nil, caller: bench.owner)
            _ = try await bench.create("ci", by: bench.owner.moved(to: other))
        }
    }
}

extension TokenBulkLine {
    fileprivate var isRefused: Bool {
        if case .refused = outcome { true } else { false }
    }
}

extension Caller {
    /// The same person, acting in another workspace with the same rights.
    fileprivate func moved(to workspace: WorkspaceID) -> Caller {
        Caller(
            actor: actor,
            organizationID: organizationID,
            workspaceID: workspace,
            credentialID: credentialID,
            credentialPrefix: credentialPrefix,
            address: address,
            requestID: requestID,
            surface: surface,
            rights: rights
        )
    }
}

extension TokenBench {
    /// Another workspace of the owner's organization.
    fileprivate func workspace(_ name: String) async throws -> WorkspaceID {
        try await WorkspaceService(context: bench.context)
            .create(name: name, caller: owner).id
    }

    fileprivate func auditor(_ email: String, _ role: WorkspaceRole) async throws -> Caller {
        try await promoted(try await member(email, role), .auditor, role)
    }

    fileprivate func administrator(_ email: String, _ role: WorkspaceRole) async throws -> Caller {
        try await promoted(try await member(email, role), .admin, role)
    }

    private func promoted(_ caller: Caller, _ role: OrganizationRole, _ here: WorkspaceRole) async throws -> Caller {
        let (organization, now) = (try organization, bench.clock.now())
        let user = try #require(caller.actor.id.flatMap { UserID($0) })
        try await bench.database.write { tx in
            let membership = Membership(role: role, status: .active)
            _ = try MembershipStore.change(to: membership, user: user, organization: organization, now: now, in: tx)
        }
        return Caller(
            actor: caller.actor,
            organizationID: caller.organizationID,
            workspaceID: caller.workspaceID,
            requestID: caller.requestID,
            surface: .api,
            rights: .holder(role.permissionSet.union(here.permissionSet))
        )
    }

    /// Makes somebody a member of a workspace, or something else there.
    fileprivate func join(
        _ caller: Caller,
        _ workspace: WorkspaceID,
        _ membership: Membership<WorkspaceRole>
    ) async throws {
        let (organization, now) = (try organization, bench.clock.now())
        let (user, id) = (
            try #require(caller.actor.id.flatMap { UserID($0) }), bench.context.ids.next(MembershipID.self)
        )
        try await bench.database.write { tx in
            guard try !MembershipStore.change(to: membership, user: user, workspace: workspace, now: now, in: tx) else {
                return
            }
            _ = try MembershipStore.insert(
                membership,
                id: id,
                user: user,
                organization: organization,
                workspace: workspace,
                now: now,
                in: tx
            )
        }
    }
}
