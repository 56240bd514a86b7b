import Domain
import SQLDatabase
import Store
import Testing

@Suite("Members, plans and conflicts are found within their organization")
struct MemberRecordTests {
    @Test(
        "ORG-1, ORG-5: members are listed, found and counted as owners in their own organization",
        arguments: Engine.all
    )
    func members(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let owner = sample.user("one@example.org")
            let other = sample.user("two_2@example.org")
            let free: OrganizationID = sample.ids.next()
            try await database.write { (tx: borrowing Transaction) throws in
                for user in [owner, other] { _ = try UserStore.insert(user, in: tx) }
                try sample.join(owner, Membership(role: OrganizationRole.owner, status: .active), in: tx)
                try sample.join(other, Membership(role: OrganizationRole.member, status: .invited), in: tx)
                try sample.join(other, Membership(role: WorkspaceRole.viewer, status: .invited), in: tx)
                let organization = sample.organization
                func listed(_ query: MemberQuery) throws -> [String] {
                    try MemberStore.list(organization: organization, query: query, in: tx).elements.map(\.email)
                }
                #expect(try listed(MemberQuery()) == ["two_2@example.org", "one@example.org"])
                #expect(try listed(MemberQuery(status: .active)) == ["one@example.org"])
                #expect(try listed(MemberQuery(role: .member, text: "TWO_")) == ["two_2@example.org"])
                #expect(try listed(MemberQuery(text: "%")) == [])
                let page = try MemberStore.list(organization: organization, query: MemberQuery(limit: 1), in: tx)
                let next = page.next.flatMap { MembershipID($0.id) }
                #expect(try listed(MemberQuery(limit: 1, after: next)) == ["one@example.org"])
                let found = try #require(try MemberStore.find(other.id, organization: organization, in: tx))
                #expect(try MemberStore.get(found.id, organization: organization, in: tx) == found)
                #expect(try MemberStore.get(found.id, organization: free, in: tx) == nil)
                #expect(try MemberStore.find(email: other.email, organization: free, in: tx) == nil)
                let owners = try MemberStore.ownerCandidates(of: organization, in: tx)
                #expect(owners.map(\.isOwnerInForce) == [true])
                let places = try MemberStore.workspaces(of: other.id, organization: organization, in: tx)
                #expect(places.map(\.organizationStatus) == [.invited])
                #expect(try MemberStore.members(of: sample.workspace, in: tx) == places)
                try MemberStore.moveWorkspaces(
                    of: other.id,
                    organization: organization,
                    from: [.invited],
                    to: .removed,
                    now: sample.start,
                    in: tx
                )
                #expect(try MemberStore.members(of: sample.workspace, in: tx).isEmpty)
            }
        }
    }

    @Test("LIM-1: the plans that every server has are those of the rules, and a damaged one is not read")
    func plans() async throws {
        try await Engine.inMemory.withStore { database, sample in
            try await database.write { (tx: borrowing Transaction) throws in
                let stored = try PlanStore.all(in: tx)
                let plans = Set(stored.map(\.plan))
                #expect(plans == Set(LimitPlan.builtIn))
                let areBuiltIn = stored.allSatisfy(\.isBuiltIn)
                #expect(areBuiltIn)
                #expect(try PlanStore.plan(of: sample.organization, in: tx) == nil)
                #expect(try OrganizationStore.setPlan(LimitPlan.pro.id, of: sample.organization, in: tx))
                #expect(try PlanStore.plan(of: sample.organization, in: tx)?.plan == .pro)
                #expect(try PlanStore.isUsed(LimitPlan.pro.id, in: tx))
                #expect(try PlanStore.delete(LimitPlan.free.id, in: tx) == false)
            }
            for text in ["", "[]", #"{"burst":"1"}"#, #"{"burst":-1}"#, #"{"per_second":1}"#, #"{"burst":1.5}"#] {
                try await database.write { tx in
                    try tx.execute("UPDATE plan SET limits = ? WHERE name = 'free'", [.text(text)])
                }
                await #expect(throws: DatabaseError(.columnType, "")) {
                    try await database.read { tx in try PlanStore.get(LimitPlan.free.id, in: tx) }
                }
            }
        }
    }

    @Test("ORG-8: a conflict counts once a token, permission and day", arguments: Engine.all)
    func conflicts(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let token: CredentialID = sample.ids.next()
            try await database.write { (tx: borrowing Transaction) throws in
                #expect(try AccessConflictStore.note(token, .agentsRead, day: 1, in: tx))
                #expect(try !AccessConflictStore.note(token, .agentsRead, day: 1, in: tx))
                #expect(try AccessConflictStore.note(token, .agentsPause, day: 1, in: tx))
                #expect(try AccessConflictStore.note(token, .agentsRead, day: 2, in: tx))
                try AccessConflictStore.forget(before: 2, in: tx)
                #expect(try AccessConflictStore.note(token, .agentsRead, day: 1, in: tx))
            }
        }
    }
}
