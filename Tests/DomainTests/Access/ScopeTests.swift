import Domain
import Testing

@Suite("Scopes")
struct ScopeTests {
    static let agent = id(7, AgentID.self)
    static let other = id(8, AgentID.self)

    @Test("TOK-3: the actions, their permissions and effects are those in Tests/Golden/scope-actions.txt")
    func golden() throws {
        #expect(ScopeAction.text == (try goldenText("scope-actions.txt")))
        #expect(ScopeAction.rowCount == ScopeAction.allCases.count)
        for permission in Permission.allCases {
            #expect(ScopeAction(permission.rawValue)?.permission == permission)
            #expect(PermissionSet(permission).permissions == [permission])
        }
        #expect(PermissionSet.all.permissions.count == Permission.allCases.count)
    }

    @Test(
        "TOK-3: a permission's name covers every action that needs it, one to read those of its resource, nothing else",
        arguments: Permission.allCases
    )
    func permissionNames(permission: Permission) throws {
        let scope = try Scope(parsing: permission.rawValue)
        #expect(scope == Scope(permission))
        for action in ScopeAction.allCases {
            let reads = permission.rawValue.hasSuffix(":read")
            let isMeant =
                action.permission == permission && (!reads || action.resource == permission.rawValue.dropLast(5))
            #expect(scope.covers(action, agent: Self.agent) == isMeant)
        }
    }

    @Test("TOK-3: a fine action covers itself alone")
    func fineActions() throws {
        let names = Set(Permission.allCases.map(\.rawValue))
        for action in ScopeAction.allCases where !names.contains(action.text) {
            let scope = try Scope(parsing: action.text)
            for asked in ScopeAction.allCases where !action.text.hasSuffix(":read") {
                #expect(scope.covers(asked) == (asked == action))
            }
        }
    }

    @Test(
        "TOK-3: read and write split a resource, and the whole of it is broad",
        arguments: ScopeAction.resources.sorted()
    )
    func readAndWrite(resource: String) throws {
        let all = try Scope(parsing: "\(resource):*")
        #expect(all.isBroad && all.text == "\(resource):*")
        for action in ScopeAction.allCases { #expect(all.covers(action) == (action.resource == resource)) }
        for (name, isChange) in [("read", false), ("write", true)] {
            let isPermission = Permission(rawValue: "\(resource):\(name)") != nil
            guard !isPermission, let scope = try? Scope(parsing: "\(resource):\(name)") else { continue }
            #expect(!scope.isBroad)
            for action in ScopeAction.allCases {
                #expect(scope.covers(action) == (action.resource == resource && action.isChange == isChange))
            }
        }
    }

    @Test("TOK-3: a scope that names an agent covers this agent alone, and no action without one")
    func oneAgent() throws {
        let scope = try Scope(parsing: "agents:rotate:\(Self.agent)")
        #expect(scope.covers(.agentsRotate, agent: Self.agent))
        #expect(scope.covers(.agentsEndGrace, agent: Self.agent))
        #expect(!scope.covers(.agentsRotate, agent: Self.other))
        #expect(!scope.covers(.agentsRotate))
        #expect(!scope.covers(.agentsRead, agent: Self.agent))
        let write = try Scope(parsing: "agents:write:\(Self.agent)")
        #expect(write.covers(.agentsDelete, agent: Self.agent) && !write.covers(.agentsCreate, agent: Self.agent))
    }

    @Test("TOK-3: an endpoint scope covers what its route does there, and nowhere else")
    func endpoint() throws {
        let scope = try Scope(parsing: "endpoint:GET:/api/v1/agents/{id}")
        let route = try #require(ScopeRoute(method: "GET", template: "/api/v1/agents/{id}"))
        #expect(scope.covers(.agentsRead, route: route))
        #expect(!scope.covers(.agentsRead, agent: Self.agent))
        #expect(!scope.covers(.agentsRead, route: ScopeRoute(method: "GET", template: "/api/v1/agents")))
        #expect(!scope.covers(.agentsDelete, route: ScopeRoute(method: "DELETE", template: "/api/v1/agents/{id}")))
        #expect(scope.permissions(routes: knownRoutes) == PermissionSet(.agentsRead))
        #expect(scope.permissions(routes: [:]).isEmpty)
    }

    @Test(
        "TOK-3, TOK-8: every malformed kind is refused with a sentence that says what would be right",
        arguments: [
            ("", "1 to 128"), (String(repeating: "a", count: 129), "1 to 128"), ("agents", "resource:action"),
            ("*", "resource:action"), ("*:*", "before :*"), ("*:read", "wildcard"), ("agents:r*", "wildcard"),
            ("agents:**", "wildcard"), ("agents:*:agt_01h455vb4pex5vsknk084sn02q", "wildcard"),
            ("invoices:*", "before :*"),
            ("agents:fly", "an action of agents: "), ("agents:", "an action of agents: "), ("agents:Read", "an action"),
            ("Agents:read", "a-z"), (":read", "a-z"), (":", "a-z"), ("a:", "a-z"), ("1nvoices:read", "a-z"),
            ("agents: read", "no spaces"), (" agents:read", "no spaces"), ("agents:read\n", "no spaces"),
            ("agents:re\u{0}ad", "no spaces"), ("agents:réad", "ASCII"), ("аgents:read", "ASCII"),
            ("agents:rotate:", "agent's id"), ("agents:rotate:agt_", "agent's id"),
            ("agents:rotate:org_01h455vb4pex5vsknk084sn02q", "agent's id"),
            ("agents:rotate:agt_01h455vb4pex5vsknk084sn02q:x", "agent's id"),
            ("agents:create:agt_01h455vb4pex5vsknk084sn02q", "done to one agent"),
            ("agents:fly:agt_01h455vb4pex5vsknk084sn02q", "an action of agents: "),
            ("tokens:rotate:crd_01h455vb4pex5vsknk084sn02q", "only agents"), ("endpoint:", "METHOD"),
            ("endpoint:GET", "METHOD"), ("endpoint:get:/api", "METHOD"), ("endpoint:TRACE:/api", "METHOD"),
            ("endpoint:GET:api", "METHOD"), ("endpoint:GET:/", "METHOD"), ("endpoint:GET:/api//v1", "METHOD"),
            ("endpoint:GET:/api/", "METHOD"), ("endpoint:GET:/api/../v1", "METHOD"),
            ("endpoint:GET:/api?x=1", "METHOD"),
            ("endpoint:GET:/api/*", "METHOD"), ("endpoint:GET:/api/{}", "METHOD"),
            ("endpoint:GET:/api/%7Bid%7D", "METHOD"),
            ("endpoint:*:/api", "METHOD"),
        ]
    )
    func malformed(text: String, hint: String) {
        do throws(ScopeFault) {
            Issue.record("accepted as \(try Scope(parsing: text).meaning)")
        } catch {
            #expect(error.message.hasPrefix("must") && error.message.contains(hint), "\(error.message)")
        }
    }

    @Test("TOK-3: 10,000 random texts are read as themselves or refused with a sentence")
    func garbage() {
        var random = SeededGenerator(seed: 4)
        let pieces = [
            "agents", "read", "write", ":", "*", "endpoint", "GET", "/api/v1", "{id}", "agt_", "é", "\u{0}", "a", "_",
            " ",
        ]
        for _ in 0..<10_000 {
            let count = Int.random(in: 0...9, using: &random)
            let text = (0..<count).compactMap { _ in pieces.randomElement(using: &random) }.joined()
            do throws(ScopeFault) {
                let scope = try Scope(parsing: text)
                #expect(scope.text == text)
                #expect((1...128).contains(text.utf8.count))
            } catch {
                #expect(error.message.hasPrefix("must"))
            }
        }
    }
}
