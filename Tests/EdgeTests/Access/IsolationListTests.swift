import Domain
import HTTPKernel
import HTTPTypes
import StrictJSON
import Testing

/// The other half of ``IsolationTests``: routes that name no object in their path.
@Suite("Isolation of organizations, lists and named objects")
struct IsolationListTests {
    @Test("ORG-1: no list and no page about oneself names an object of another organization")
    func lists() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let theirs = try await TenantObjects(server, owner: ada)
            let own = try await TenantObjects(server, owner: bob.token)
            var lines: [String] = []
            for route in server.routes
            where route.method == .get && !route.template.contains("{") && route.access.isForCallers {
                for path in [route.template] + route.aliases {
                    let answer = try await server.call("GET", path, token: bob.token)
                    for (kind, id) in theirs.ofTenant {
                        #expect(!answer.text.contains(id), "\(path) names \(kind)")
                    }
                    let shown = own.ofTenant.filter { answer.text.contains($0.id) }.map(\.kind)
                    let what = shown.isEmpty ? "-" : shown.joined(separator: " ")
                    lines.append("GET \(path)  \(answer.status) \(what)")
                }
            }
            try GoldenList(name: "isolation-lists.txt").check(lines.sorted())
        }
    }

    /// A request that names an object somewhere else than in its path; `{}` is where, `[kind]` is one of the caller's own.
    struct Naming: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        let kind: String
        var headers: [String] = []
        var body: String?

        var testDescription: String { "\(method) \(path) \(kind)" }
    }

    private static let namings = [
        Naming(method: "GET", path: "/api/v1/me", kind: "organizations", headers: ["Claviger-Organization: {}"]),
        Naming(method: "GET", path: "/api/v1/me", kind: "workspaces", headers: ["Claviger-Workspace: {}"]),
        Naming(
            method: "POST",
            path: "/api/v1/agents",
            kind: "workspaces",
            headers: ["Claviger-Workspace: {}"],
            body: "{}"
        ),
        Naming(method: "GET", path: "/api/v1/tokens?owner={}", kind: "service-accounts"),
        Naming(method: "GET", path: "/api/v1/audit/events?target_kind=agent&target_id={}", kind: "agents"),
        Naming(method: "GET", path: "/api/v1/audit/events?actor={}", kind: "service-accounts"),
        Naming(
            method: "POST",
            path: "/api/v1/invitations",
            kind: "workspaces",
            body: #"{"email":"x@example.org","role":"member","workspaces":[{"id":"{}","role":"viewer"}]}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/invitations",
            kind: "roles",
            body: #"{"email":"x@example.org","role":"member","custom_role_id":"{}"}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/service-accounts",
            kind: "roles",
            body: #"{"name":"x","role":"viewer","custom_role_id":"{}"}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/tokens",
            kind: "registered-scopes",
            body: #"{"name":"x","scopes":["{}"],"expires_in_days":7}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/protected-apis",
            kind: "registered-scopes",
            body: #"{"name":"x","required_scopes":["{}"]}"#
        ),
        Naming(
            method: "PUT",
            path: "/api/v1/policy",
            kind: "roles",
            body: #"{"allowed_scopes":{"{}":["agents:read"]}}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/tokens/bulk/revoke",
            kind: "tokens",
            body: #"{"filter":{"ids":["{}"]},"dry_run":true}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/tokens/bulk/rotate",
            kind: "tokens",
            body: #"{"filter":{"ids":["{}"]},"dry_run":true}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/tokens/bulk/rescope",
            kind: "tokens",
            body: #"{"filter":{"ids":["{}"]},"scopes":["agents:read"],"dry_run":true}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/tokens/bulk/tag",
            kind: "tokens",
            body: #"{"filter":{"ids":["{}"]},"add_tags":["x"],"dry_run":true}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/service-accounts/[service-accounts]/tokens",
            kind: "agents",
            body: #"{"name":"x","scopes":["agents:rotate:{}"],"expires_in_days":7}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/workspaces/[workspaces]/members",
            kind: "members",
            body: #"{"member_id":"{}","role":"viewer"}"#
        ),
        Naming(
            method: "POST",
            path: "/api/v1/tokens/verify",
            kind: "protected-apis",
            body: #"{"token":"x","api":"{}"}"#
        ),
        Naming(method: "PATCH", path: "/api/v1/members/[members]", kind: "roles", body: #"{"custom_role_id":"{}"}"#),
        Naming(
            method: "PATCH",
            path: "/api/v1/service-accounts/[service-accounts]",
            kind: "roles",
            body: #"{"custom_role_id":"{}"}"#
        ),
        Naming(
            method: "PATCH",
            path: "/api/v1/protected-apis/[protected-apis]",
            kind: "registered-scopes",
            body: #"{"required_scopes":["{}"]}"#
        ),
    ]

    @Test("ORG-1: every route that takes a body is listed with the objects that are tried in it")
    func bodies() async throws {
        try await EdgeServer.run { server in
            let tried = Dictionary(grouping: Self.namings.filter { $0.body?.contains("{}") == true }) { naming in
                let path = naming.path.replacing(/\[[a-z-]+\]/, with: "{id}")
                return "\(naming.method) \(path)"
            }
            var known = Set(tried.keys)
            var lines: [String] = []
            for route in server.routes where [.post, .put, .patch].contains(route.method) {
                let name = "\(route.method.rawValue) \(route.template)"
                known.remove(name)
                let kinds = Set(tried[name, default: []].map(\.kind)).sorted()
                lines.append("\(name)  \(kinds.isEmpty ? "-" : kinds.joined(separator: " "))")
            }
            #expect(known.isEmpty, "no route is called so")
            try GoldenList(name: "isolation-bodies.txt").check(lines.sorted())
        }
    }

    @Test(
        "ORG-1: an id of another organization in a body, a query or a field answers like one that nothing has",
        arguments: namings
    )
    func named(naming: Naming) async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let theirs = try await TenantObjects(server, owner: ada)
            var path = naming.path
            if let own = path.firstMatch(of: /\[([a-z-]+)\]/) {
                let id = try await TenantObjects(server, owner: bob.token).id(String(own.1))
                path.replaceSubrange(own.range, with: id)
            }
            func answer(_ id: String) async throws -> (status: Int, text: String) {
                let answer = try await server.call(
                    naming.method,
                    path.replacing("{}", with: id),
                    token: bob.token,
                    headers: naming.headers.map { $0.replacing("{}", with: id) },
                    body: naming.body?.replacing("{}", with: id)
                )
                return (answer.status, answer.withoutRequestID.replacing(id, with: "…"))
            }
            let foreign = try await answer(theirs.id(naming.kind))
            let free = try await answer(theirs.freeID(naming.kind))
            #expect(foreign.status == free.status)
            #expect(foreign.text == free.text)
            #expect(!foreign.text.contains("not known here"), "the field has another name: \(foreign.text)")
        }
    }
}
