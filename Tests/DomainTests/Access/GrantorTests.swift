import Domain
import Testing

@Suite("What may be given")
struct GrantorTests {
    func excess(_ grantor: Grantor, _ scopes: ScopeSet, owner: PermissionSet = .all) -> [String?] {
        do throws(PermissionExceedsOwner) {
            try grantor.check(giving: scopes, owner: owner, routes: knownRoutes)
            return []
        } catch {
            return error.excesses.map(\.scope)
        }
    }

    @Test("ORG-7: a token beyond its maker or its owner is refused, and what exceeds is named")
    func beyond() throws {
        let developer = WorkspaceRole.developer.permissionSet
        let set = try scopes(
            "agents:create",
            "agents:read",
            "agents:*",
            "endpoint:POST:/api/v1/agents",
            "invoices:read"
        )
        let expected = ["agents:*", "agents:create", "endpoint:POST:/api/v1/agents"]
        #expect(excess(.holder(developer), set) == expected)
        #expect(excess(.holder(.all), set, owner: developer) == expected)
        #expect(excess(.holder(.all), set).isEmpty)
        #expect(throws: PermissionExceedsOwner.self) {
            try Grantor.holder(developer).check(giving: set, owner: .all, routes: knownRoutes)
        }
        let error = PermissionExceedsOwner(excesses: [
            .init(scope: "agents:create", permissions: PermissionSet(.agentsEnroll))
        ])
        #expect(error.message.contains("agents:create (needs agents:enroll)"))
    }

    @Test("ORG-7, TOK-3: a scope of a route that doesn't exist can't be given")
    func unknownRoute() throws {
        #expect(excess(.holder(.all), try scopes("endpoint:GET:/api/v1/nothing")) == ["endpoint:GET:/api/v1/nothing"])
    }

    @Test("ORG-7: a token gives no more than itself, whatever its owner may")
    func byToken() throws {
        let own = try scopes("agents:rotate:\(id(1, AgentID.self))", "tokens:own", "agents:create", "invoices:read")
        let known = ["invoices:read": RegisteredScope(name: "invoices:read", description: "")]
        let grantor = Grantor.token(TokenAccess(scopes: own, owner: .all, registered: known))
        #expect(excess(grantor, own).isEmpty)
        #expect(excess(grantor, try scopes("tokens:create", "tokens:read")).isEmpty)
        #expect(excess(grantor, try scopes("agents:rotate")) == ["agents:rotate"])
        #expect(excess(grantor, try scopes("agents:enroll")) == ["agents:enroll"])
        #expect(excess(grantor, try scopes("agents:rotate:\(id(2, AgentID.self))")).count == 1)
        #expect(excess(grantor, try scopes("invoices:void")) == ["invoices:void"])
        #expect(excess(grantor, try scopes("tokens:*")) == ["tokens:*"])
    }

    @Test("ORG-6, ORG-7: nobody assigns a role above their own rights", arguments: WorkspaceRole.allCases)
    func assignment(role: WorkspaceRole) {
        for assigner in WorkspaceRole.allCases {
            let isWithin = role.permissionSet.isSubset(of: assigner.permissionSet)
            let grantor = Grantor.holder(assigner.permissionSet)
            #expect(((try? grantor.check(giving: role.permissionSet)) != nil) == isWithin)
        }
    }

    @Test("ORG-6, ORG-8: scopes beyond the owner and rights withheld by policy are told as conflicts")
    func conflicts() throws {
        let set = try scopes("agents:*", "invoices:read", "invoices:void")
        let known = ["invoices:void": RegisteredScope(name: "invoices:void", description: "", isAdminOnly: true)]
        let bounds = [try scopes("agents:read", "agents:rotate", "invoices:void")]
        let access = TokenAccess(
            scopes: set,
            owner: WorkspaceRole.developer.permissionSet,
            bounds: bounds,
            registered: known
        )
        let found = access.conflicts(routes: knownRoutes)
        #expect(found.contains(AccessConflict(.scopeBeyondOwner, permission: .agentsEnroll, scope: "agents:*")))
        #expect(found.contains(AccessConflict(.withheldByPolicy, permission: .agentsPause, scope: "agents:*")))
        #expect(!found.contains { $0.permission == .agentsRotate })
        #expect(found.contains(AccessConflict(.scopeBeyondOwner, permission: nil, scope: "invoices:void")))
        #expect(found.contains(AccessConflict(.withheldByPolicy, permission: nil, scope: "invoices:read")))
        #expect(access.lines(routes: knownRoutes).map(\.isInForce) == [true, false, false])
        #expect(access.decide(.agentsPause) == .deniedByPolicy && access.decide(.agentsCreate) == .beyondOwner)
        #expect(access.decide(.auditRead) == .outOfScope && access.decide(.agentsRotate) == .allowed)
    }
}
