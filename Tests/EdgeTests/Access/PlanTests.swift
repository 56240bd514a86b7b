import Domain
import StrictJSON
import Testing

@Suite("Plans and organizations of a server")
struct PlanRouteTests {
    private static let free = "/api/v1/plans/\(LimitPlan.free.id.text)"

    @Test("LIM-1: the built-in plans are there, can be changed and not deleted; others are deleted while unused")
    func life() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let list = try await server.call("GET", "/api/v1/plans", token: ada)
            #expect(
                list.json["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["enterprise", "free", "pro"]
            )
            let wider = try await server.call("PATCH", Self.free, token: ada, body: #"{"burst":11}"#)
            #expect(wider.json["burst"] == 11, "\(wider.text)")
            #expect(try await server.call("DELETE", Self.free, token: ada).code == "IllegalTransition")
            let made = try await server.call("POST", "/api/v1/plans", token: ada, body: #"{"name":"gold","burst":5}"#)
            let id = try #require(made.json["id"]?.stringValue, "\(made.text)")
            #expect(made.json["per_minute"] == .null)
            let twin = try await server.call("POST", "/api/v1/plans", token: ada, body: #"{"name":"gold"}"#)
            #expect(twin.code == "NameTaken")
            let (other, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let plan = "/api/v1/organizations/\(other)/plan"
            let given = try await server.call("PUT", plan, token: ada, body: #"{"plan_id":"\#(id)"}"#)
            #expect(given.json["plan"]?["name"] == "gold", "\(given.text)")
            let seen = try await server.call("GET", "/api/v1/organization", token: bob.token)
            #expect(seen.json["plan"]?["burst"] == 5)
            #expect(try await server.call("DELETE", "/api/v1/plans/\(id)", token: ada).code == "IllegalTransition")
            #expect(try await server.call("PUT", plan, token: ada, body: #"{"plan_id":null}"#).status == 200)
            #expect(try await server.call("DELETE", "/api/v1/plans/\(id)", token: ada).status == 204)
            let events = try await server.call("GET", "/api/v1/audit/events?scope=server&limit=200", token: ada)
            let actions = events.json["data"]?.arrayValue?.compactMap { $0["action"]?.stringValue } ?? []
            for action in ["plan.create", "plan.update", "plan.delete", "organization.plan", "organization.create"] {
                #expect(actions.contains(action), "\(action)")
            }
        }
    }

    @Test(
        "LIM-1: every figure at its limits, and beyond",
        arguments: [
            (#"{"name":"x","burst":0}"#, nil), (#"{"name":"x","burst":1000000000}"#, nil),
            (#"{"name":"x","burst":1000000001}"#, "/burst"), (#"{"name":"x","burst":-1}"#, "/burst"),
            (#"{"name":"x","monthly_quota":1000000000000}"#, nil),
            (#"{"name":"x","monthly_quota":1000000000001}"#, "/monthly_quota"),
            (#"{"name":"x","burst":1.5}"#, "/burst"), (#"{"name":"","burst":1}"#, "/name"),
            (#"{"name":"x","per_minute":10,"per_hour":9}"#, "/per_minute"),
            (#"{"name":"x","per_second":1}"#, "/per_second"),
        ] as [(String, String?)]
    )
    func figures(body: String, path: String?) async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let answer = try await server.call("POST", "/api/v1/plans", token: ada, body: body)
            #expect(answer.status == (path == nil ? 201 : 422), "\(answer.text)")
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path)
        }
    }

    @Test("ORG-11: who makes an organization has no rights in it")
    func strangers() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (other, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let there = ["Claviger-Organization: \(other)"]
            #expect(try await server.call("GET", "/api/v1/agents", token: ada, headers: there).status == 404)
            let all = try await server.call("GET", "/api/v1/organizations", token: ada)
            #expect(all.json["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["Default", "Other"])
            let renamed = try await server.call(
                "PATCH",
                "/api/v1/organization",
                token: bob.token,
                body: #"{"name":"Mine"}"#
            )
            #expect(renamed.json["name"] == "Mine", "\(renamed.text)")
            for name in ["", "\u{202E}", String(repeating: "n", count: 65)] {
                let text = JSONValue.object(["name": .string(name)]).text
                let bad = try await server.call("PATCH", "/api/v1/organization", token: bob.token, body: text)
                #expect(bad.status == 422, "\(bad.text)")
            }
        }
    }
}
