import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Protected APIs and registered scopes")
struct ProtectedAPITests {
    @Test("TOK-5, ORG-1: a protected API is for those who manage its organization; to others it doesn't exist")
    func apis() async throws {
        try await TokenBench.run { bench in
            let apis = ProtectedAPIService(context: bench.bench.context)
            let made = try await apis.create(ProtectedAPIDraft(name: "Billing"), caller: bench.owner)
            let manager = try await bench.member("boss@example.org", .manager)
            await expectRefusal(.permissionDenied) { try await apis.list(caller: manager) }
            await expectRefusal(.permissionDenied) { try await apis.delete(made.id, caller: manager) }
            let stranger = bench.stranger()
            let free: ProtectedAPIID = bench.bench.context.ids.next()
            for id in [made.id, free] {
                await expectRefusal(.notFound) { try await apis.get(id, caller: stranger) }
                await expectRefusal(.notFound) { try await apis.update(id, caller: stranger) { $0.name = "x" } }
                await expectRefusal(.notFound) { try await apis.delete(id, caller: stranger) }
            }
            #expect(try await apis.get(made.id, caller: bench.owner) == made)
            _ = try await apis.update(made.id, caller: bench.owner) { $0.audience = "billing" }
            try await apis.delete(made.id, caller: bench.owner)
            let actions = try await bench.bench.events(bench.organization).filter { $0.outcome == .success }
            let names = actions.map(\.action).filter { $0.hasPrefix("protected_api") }
            #expect(names == ["protected_api.delete", "protected_api.update", "protected_api.create"])
        }
    }

    @Test("TOK-3: a forgotten scope counts for nothing on the tokens that carry it, an admin-only one for others")
    func scopes() async throws {
        try await TokenBench.run { bench in
            let scopes = RegisteredScopeService(context: bench.bench.context, routes: RouteActions())
            let member = try await bench.member("dev@example.org", .developer)
            await expectRefusal(.permissionDenied) {
                try await scopes.create(RegisteredScope(name: "invoices:read", description: ""), caller: member)
            }
            _ = try await scopes.create(RegisteredScope(name: "invoices:read", description: ""), caller: bench.owner)
            #expect(try await scopes.list(caller: member).map(\.name) == ["invoices:read"], "they choose from it")
            let grant = try await bench.create("t", ["invoices:read"], by: member)
            let counts = { try await bench.tokens.get(grant.view.token.id, caller: member).access.registered }
            #expect(try await counts() == ["invoices:read"])
            _ = try await scopes.update(
                "invoices:read",
                description: nil,
                isSensitive: nil,
                isAdminOnly: true,
                caller: bench.owner
            )
            #expect(try await counts().isEmpty)
            await expectRefusal(.invalidFields) { try await bench.create("u", ["invoices:read"], by: member) }
            try await scopes.delete("invoices:read", caller: bench.owner)
            await expectRefusal(.invalidFields) { try await bench.create("v", ["invoices:read"]) }
            #expect(try await scopes.list(caller: bench.stranger()).isEmpty)
        }
    }

    @Test("TOK-3: an organization has at most 500 scopes and 200 protected APIs")
    func bounds() async throws {
        try await TokenBench.run { bench in
            let (organization, now) = (try bench.organization, bench.bench.clock.now())
            let ids = (1..<ProtectedAPIService.maximum).map { _ in bench.bench.context.ids.next(ProtectedAPIID.self) }
            try await bench.bench.database.write { tx in
                for number in 1..<RegisteredScopeService.maximum {
                    let scope = RegisteredScope(name: "invoices:n\(number)", description: "")
                    try RegisteredScopeStore.put(scope, organization: organization, now: now, in: tx)
                }
                for id in ids {
                    let api = ProtectedAPI(id: id, organizationID: organization, name: id.text)
                    _ = try ProtectedAPIStore.insert(api, now: now, in: tx)
                }
            }
            let scopes = RegisteredScopeService(context: bench.bench.context, routes: RouteActions())
            let apis = ProtectedAPIService(context: bench.bench.context)
            _ = try await scopes.create(RegisteredScope(name: "last:one", description: ""), caller: bench.owner)
            _ = try await apis.create(ProtectedAPIDraft(name: "last"), caller: bench.owner)
            await expectRefusal(.invalidFields) {
                try await scopes.create(RegisteredScope(name: "one:more", description: ""), caller: bench.owner)
            }
            await expectRefusal(.invalidFields) {
                try await apis.create(ProtectedAPIDraft(name: "more"), caller: bench.owner)
            }
        }
    }
}

extension TokenBench {
    /// Somebody of another organization, who may do everything there.
    func stranger() -> Caller {
        Caller(
            actor: Actor(kind: .user, id: "usr_stranger", name: nil),
            organizationID: bench.context.ids.next(),
            workspaceID: bench.context.ids.next(),
            requestID: "r",
            surface: .api,
            rights: .holder(.all)
        )
    }
}
