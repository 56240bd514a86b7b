import ControlPlane
import Domain
import Store
import Testing

@Suite("Conflicts of rights")
struct ConflictTests {
    @Test("ORG-8: a token used beyond its owner's rights is a violation once a permission and day, on any node")
    func use() async throws {
        try await TokenBench.run { bench in
            let eve = try await bench.member("eve@example.org", .developer)
            let grant = try await bench.create("deploy", ["agents:rotate"], by: eve)
            try await bench.change(eve, to: Membership(role: .viewer, status: .active))
            func use(_ context: ControlPlaneContext) async throws {
                let caller = try await bench.show(grant.token)
                await expectRefusal(.permissionDenied) {
                    try await context.authorize(caller, .agentsRotate, as: "agent.rotate")
                }
            }
            for _ in 1...3 { try await use(bench.bench.context) }
            func logged() async throws -> [AuditEvent] {
                try await bench.denials().filter { $0.action == "access.conflict" }
            }
            #expect(try await logged().count == 1)
            #expect(try await logged().first?.target == AuditTarget(kind: "token", id: grant.view.token.id.text))
            // Another node of the same database knows nothing of it, and the database does.
            let database = bench.bench.database
            let other = ControlPlaneContext(
                database: database,
                now: bench.bench.context.now,
                ids: bench.bench.context.ids,
                random: .system,
                hashers: bench.bench.context.hashers,
                logger: bench.bench.context.logger,
                publicURL: "https://claviger.example"
            )
            try await use(other)
            #expect(try await logged().count == 1)
            bench.bench.clock.advance(by: .days(1))
            try await use(bench.bench.context)
            #expect(try await logged().count == 2)
        }
    }

    @Test("ORG-8: a scope the token lacks is no conflict, and neither is what a session may not do")
    func none() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create("reader", ["agents:read"])
            let caller = try await bench.show(grant.token)
            await expectRefusal(.insufficientScope) {
                try await bench.bench.context.authorize(caller, .agentsRotate, as: "agent.rotate")
            }
            let viewer = try await bench.member("vi@example.org", .viewer)
            await expectRefusal(.permissionDenied) {
                try await bench.bench.context.authorize(viewer, .agentsRotate, as: "agent.rotate")
            }
            #expect(try await bench.denials().allSatisfy { $0.action != "access.conflict" })
        }
    }

    @Test("ORG-8: an account's smaller role, and a scope kept for administrators or forgotten, log what tokens lose")
    func accountsAndScopes() async throws {
        try await TokenBench.run { bench in
            let context = bench.bench.context
            let scopes = RegisteredScopeService(context: context, routes: RouteActions())
            let accounts = ServiceAccountService(context: context, routes: RouteActions())
            for name in ["ledger:close", "ledger:read"] {
                _ = try await scopes.create(RegisteredScope(name: name, description: ""), caller: bench.owner)
            }
            let account = try await bench.account("robot", .developer)
            let owner = TokenOwnerChoice.serviceAccount(account.id)
            _ = try await bench.create("s", ["agents:rotate", "ledger:close", "ledger:read"], for: owner)
            func logged() async throws -> [AuditEvent] {
                try await bench.denials().filter { $0.action == "access.conflict" }
            }
            var smaller = ServiceAccountPatch()
            smaller.role = .set(.viewer)
            let patch = smaller
            _ = try await accounts.update(account.id, patch, caller: bench.owner)
            var last = try #require(try await logged().first)
            #expect(last.target?.id == account.id.text && last.details?.contains("agents:rotate") == true)
            #expect(last.details?.contains("scope_beyond_owner") == true)
            _ = try await scopes.update(
                "ledger:close",
                description: "only a text",
                isSensitive: true,
                isAdminOnly: nil,
                caller: bench.owner
            )
            #expect(try await logged().count == 1)
            _ = try await scopes.update(
                "ledger:close",
                description: nil,
                isSensitive: nil,
                isAdminOnly: true,
                caller: bench.owner
            )
            last = try #require(try await logged().first)
            #expect(last.target?.id == "ledger:close" && last.details?.contains("(ledger:close)") == true)
            try await scopes.delete("ledger:read", caller: bench.owner)
            last = try #require(try await logged().first)
            #expect(last.target?.id == "ledger:read" && last.details?.contains("(ledger:read)") == true)
            #expect(try await logged().count == 3)
        }
    }

    @Test("ORG-8, ORG-9: a policy and a role that take rights from tokens log what they took, in one event")
    func change() async throws {
        try await TokenBench.run { bench in
            let routes = RouteActions()
            let eve = try await bench.member("eve@example.org", .developer)
            _ = try await bench.create("deploy", ["agents:rotate", "agents:read"], by: eve)
            let policies = PolicyService(context: bench.bench.context, routes: routes)
            let draft = PolicyDraft(allowedScopes: ["developer": ["agents:read"]])
            _ = try await policies.put(draft, version: nil, caller: bench.owner)
            func logged() async throws -> [AuditEvent] {
                try await bench.denials().filter { $0.action == "access.conflict" }
            }
            let first = try #require(try await logged().first)
            #expect(first.details?.contains("withheld_by_policy") == true)
            #expect(first.details?.contains(#""count":1"#) == true)
            // What takes nothing more is no news.
            _ = try await policies.put(draft, version: nil, caller: bench.owner)
            #expect(try await logged().count == 1)
            let explained = PermissionService(context: bench.bench.context, routes: routes)
            let list = try await bench.tokens.list(APITokenQuery(), caller: bench.owner)
            let id = try #require(list.items.first?.token.id)
            let view = try await explained.ofToken(id, caller: bench.owner)
            let rotate = try #require(view.lines.first { $0.permission == .agentsRotate })
            #expect(rotate.held == .none)
            #expect(rotate.withheldBy == ["policy"])
            #expect(view.conflicts.map(\.kind) == [.withheldByPolicy])
        }
    }
}
