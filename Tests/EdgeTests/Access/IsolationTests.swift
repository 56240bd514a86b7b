import Domain
import HTTPKernel
import HTTPTypes
import SQLDatabase
import Store
import StrictJSON
import Testing

/// Made from the list of routes, so that a new route can't be forgotten: one whose template names an object has to say
/// here how another organization's is made, and how it is asked for.
@Suite("Isolation of organizations, route by route")
struct IsolationTests {
    @Test("ORG-1: on every route another organization's object answers like one that does not exist, to the letter")
    func matrix() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let theirs = try await TenantObjects(server, owner: ada)
            let own = try await TenantObjects(server, owner: bob.token)
            var lines: [String] = []
            for route in server.routes where route.template.contains("{") {
                for template in [route.template] + route.aliases {
                    let asked = Asked(server: server, token: bob.token, route: route, template: template)
                    let (foreign, free) = (
                        try await asked.answer { try theirs.id($0) }, try await asked.answer { try theirs.freeID($0) }
                    )
                    #expect(foreign.status == free.status, "\(route.method) \(template)")
                    #expect(foreign.withoutRequestID == free.withoutRequestID, "\(route.method) \(template)")
                    lines.append("\(route.method.rawValue) \(template)  \(foreign.status) \(foreign.code ?? "-")")
                    guard asked.placeholders.count > 1 else { continue }
                    // Their own object outside, another organization's inside.
                    let outer = asked.placeholders[0].segment
                    let inside = try await asked.answer { try $0 == outer ? own.id($0) : theirs.id($0) }
                    let nobody = try await asked.answer { try $0 == outer ? own.id($0) : theirs.freeID($0) }
                    #expect(inside.status == nobody.status, "\(route.method) \(template)")
                    #expect(inside.withoutRequestID == nobody.withoutRequestID, "\(route.method) \(template)")
                    lines.append("\(route.method.rawValue) \(template) (own)  \(inside.status) \(inside.code ?? "-")")
                }
            }
            try GoldenList(name: "isolation.txt").check(lines.sorted())
        }
    }

    @Test("ORG-1: what asking changed in the other organization is nothing")
    func untouched() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let theirs = try await TenantObjects(server, owner: ada)
            let before = try await Self.visible(server, ada)
            for route in server.routes where route.template.contains("{") {
                let asked = Asked(server: server, token: bob.token, route: route, template: route.template)
                _ = try await asked.answer { try theirs.id($0) }
            }
            #expect(try await Self.visible(server, ada) == before)
        }
    }

    /// What an owner sees of the objects, all lists together.
    private static func visible(_ server: EdgeServer, _ owner: String) async throws -> [String] {
        var texts: [String] = []
        for route in server.routes
        where route.method == .get && !route.template.contains("{") && route.action != nil
            && !route.template.hasSuffix("/events")
        {
            texts.append(try await server.call("GET", route.template, token: owner).withoutRequestID)
        }
        return texts
    }
}

/// One route asked for with objects in its placeholders.
private struct Asked {
    let server: EdgeServer
    let token: String
    let route: Route
    let template: String

    struct Placeholder {
        let segment: String
    }

    /// The words before each placeholder: they tell what the object is.
    var placeholders: [Placeholder] {
        let parts = template.split(separator: "/")
        return zip(parts, parts.dropFirst()).filter { $0.1.hasPrefix("{") }.map { Placeholder(segment: String($0.0)) }
    }

    func answer(_ id: (String) throws -> String) async throws -> Answer {
        var parts = template.split(separator: "/").map(String.init)
        for place in parts.indices.dropFirst() where parts[place].hasPrefix("{") {
            parts[place] = try id(parts[place - 1])
        }
        let method = route.method.rawValue
        let body = method == "GET" || method == "DELETE" ? nil : Self.bodies["\(method) \(route.template)"] ?? "{}"
        return try await server.call(method, "/" + parts.joined(separator: "/"), token: token, body: body)
    }

    /// Bodies that would be accepted, where an empty one isn't: an object that isn't there is told before its fields are
    /// read, or else both answers are the same refusal, and this is a weaker test.
    private static let bodies = [
        "PUT /api/v1/agents/{id}": #"{"name":"n","slug":"s"}"#,
        "PATCH /api/v1/agents/{id}": #"{"name":"n"}"#,
        "PATCH /api/v1/members/{id}": #"{"role":"auditor"}"#,
        "PATCH /api/v1/roles/{id}": #"{"name":"n"}"#,
        "PATCH /api/v1/workspaces/{id}": #"{"name":"n"}"#,
        "POST /api/v1/workspaces/{id}/members": #"{"email":"bob@example.org","role":"viewer"}"#,
        "PATCH /api/v1/workspaces/{id}/members/{member_id}": #"{"role":"viewer"}"#,
        "PUT /api/v1/organizations/{id}/plan": #"{"plan_id":null}"#,
        "PATCH /api/v1/plans/{id}": #"{"burst":1}"#,
        "PATCH /api/v1/tokens/{id}": #"{"name":"n"}"#,
        "PATCH /api/v1/service-accounts/{id}": #"{"name":"n"}"#,
        "POST /api/v1/service-accounts/{id}/tokens": #"{"name":"n","scopes":["agents:read"],"expires_in_days":7}"#,
        "PATCH /api/v1/protected-apis/{id}": #"{"name":"n"}"#,
    ]
}
