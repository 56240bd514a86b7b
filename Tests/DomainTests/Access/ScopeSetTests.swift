import Domain
import Testing

@Suite("Sets of scopes")
struct ScopeSetTests {
    func faults(_ texts: [String]) -> [FieldFault] {
        guard case .failure(let faults) = ScopeSet.parse(texts) else { return [] }
        return faults.faults
    }

    @Test(
        "TOK-3: 0, 1, 100 and 101 scopes, and 10,000",
        arguments: [(0, false), (1, true), (100, true), (101, false), (10_000, false)]
    )
    func counts(count: Int, isAccepted: Bool) {
        let found = faults((0..<count).map { "invoices:read\($0)" })
        #expect(found.isEmpty == isAccepted)
        #expect(isAccepted || found.map(\.path) == ["/scopes"])
    }

    @Test("TOK-3, TOK-8: each faulty scope is named by its place, and one that stands twice as well")
    func places() {
        let found = faults(["agents:read", "agents:fly", "agents:rotate", "agents:read", ""])
        #expect(found.map(\.path) == ["/scopes/1", "/scopes/3", "/scopes/4"])
    }

    @Test("TOK-3: the order is that of the texts, whatever order was written")
    func order() throws {
        let texts = ["tokens:read", "agents:read", "endpoint:GET:/api/v1/agents", "agents:*"]
        let set = try ScopeSet.parse(texts).get()
        #expect(set.texts == ["agents:*", "agents:read", "endpoint:GET:/api/v1/agents", "tokens:read"])
        #expect(set == (try ScopeSet.parse(texts.reversed()).get()))
        #expect(set.isBroad)
        #expect(ScopeSet([]) == nil && ScopeSet(set.scopes + set.scopes) == nil)
    }

    @Test("TOK-3: a set covers what one of its scopes covers")
    func coverage() throws {
        let agents = [id(1, AgentID.self), id(2, AgentID.self)]
        let routes = [nil] + knownRoutes.keys.map(Optional.some)
        let set = try scopes(
            "agents:read",
            "agents:rotate:\(agents[0])",
            "endpoint:POST:/api/v1/agents",
            "audit:*",
            "invoices:read"
        )
        for action in ScopeAction.allCases {
            for agent in [nil] + agents.map(Optional.some) {
                for route in routes {
                    let single = set.scopes.contains { $0.covers(action, agent: agent, route: route) }
                    #expect(set.covers(action, agent: agent, route: route) == single)
                }
            }
        }
        #expect(set.covers(registered: "invoices:read") && !set.covers(registered: "agents:read"))
        #expect(set.wholePermissions == PermissionSet([.auditRead, .auditExport]))
    }

    @Test("TOK-3: a scope to read one resource opens no other that the same permission shows to a person")
    func reading() throws {
        let set = try scopes("agents:read")
        #expect(ScopeAction.allCases.filter { set.covers($0) } == [.agentsRead])
        #expect(set.wholePermissions.isEmpty, "it can't be given on as the permission, which shows more")
        let all = try scopes("agents:read", "settings:read", "org:read", "workspace:read", "registered_scopes:read")
        #expect(all.wholePermissions == PermissionSet([.agentsRead]))
    }

    @Test("TOK-3: a scope that isn't registered is refused, and an admin-only one to others than administrators")
    func registered() {
        let known = [
            "invoices:read": RegisteredScope(name: "invoices:read", description: ""),
            "invoices:void": RegisteredScope(name: "invoices:void", description: "", isAdminOnly: true),
        ]
        func paths(_ texts: [String], isAdmin: Bool) -> [String] {
            guard case .failure(let found) = ScopeSet.check(texts, registered: known, isAdmin: isAdmin) else {
                return []
            }
            return found.faults.map(\.path)
        }
        #expect(paths(["agents:read", "invoices:read"], isAdmin: false).isEmpty)
        #expect(
            paths(["invoices:read", "invoices:send", "invoices:void"], isAdmin: false) == ["/scopes/1", "/scopes/2"]
        )
        #expect(paths(["invoices:void"], isAdmin: true).isEmpty)
    }

    @Test(
        "TOK-3: an organization registers names that aren't and won't be Claviger's",
        arguments: [
            ("invoices:read", true), ("a:b", true), ("crm.v2:contacts-write", true), ("agents:read", false),
            ("server:x", false), ("endpoint:x", false), ("secrets:read", false), ("invoices", false),
            ("invoices:*", false),
            ("invoices:a:b", false), ("Invoices:read", false), ("invoices:", false), ("", false),
            ("inv oices:read", false),
        ]
    )
    func names(name: String, isAccepted: Bool) {
        let result = RegisteredScope.checked(name: name, description: "d")
        if case .failure(let found) = result { #expect(found.faults.map(\.path) == ["/name"]) }
        #expect(((try? result.get()) != nil) == isAccepted)
    }
}
