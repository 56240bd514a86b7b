import StrictJSON
import Testing

@Suite("Where a session acts")
struct PlaceTests {
    @Test("ORG-1: without a field a session acts in its person's oldest organization, with one where it says")
    func choice() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (other, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let (secret, _) = try await server.invite(EdgeServer.email, "admin", by: bob.token)
            let joined = try await server.call(
                "POST",
                "/api/v1/me/organizations",
                token: ada,
                body: #"{"secret":"\#(secret)"}"#
            )
            #expect(joined.status == 200, "\(joined.text)")
            #expect(joined.json["id"]?.stringValue == other)
            #expect(try await server.call("GET", "/api/v1/me", token: ada).json["organization"]?["name"] == "Default")
            let there = ["Claviger-Organization: \(other)"]
            let me = try await server.call("GET", "/api/v1/me", token: ada, headers: there)
            #expect(me.json["organization"]?["name"] == "Other")
            #expect(me.json["organization_role"] == "admin")
            let mine = try await server.call("GET", "/api/v1/me/organizations", token: ada, headers: there)
            #expect(mine.json["data"]?.arrayValue?.compactMap { $0["is_current"]?.boolValue } == [false, true])
            // What is made there is there, and not here.
            let made = try await server.call(
                "POST",
                "/api/v1/agents",
                token: ada,
                headers: there,
                body: #"{"name":"x"}"#
            )
            #expect(made.status == 201)
            let here = try await server.call("GET", "/api/v1/agents", token: ada)
            #expect(here.json["data"]?.arrayValue?.isEmpty == true)
        }
    }

    @Test("ORG-1: a place that isn't theirs answers like one that does not exist, whatever it is")
    func foreign() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (other, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let workspace = try await server.workspace(of: bob.token)
            let free = "org_00000000000000000000000001"
            for (name, foreign, unknown) in [
                ("Claviger-Organization", other, free),
                ("Claviger-Workspace", workspace, "wsp_00000000000000000000000001"),
            ] {
                var bodies: Set<String> = []
                for value in [foreign, unknown, "x", "", String(repeating: "o", count: 4000), "org_\u{E9}"] {
                    let answer = try await server.call("GET", "/api/v1/me", token: ada, headers: ["\(name): \(value)"])
                    #expect(answer.status == 404, "\(name) \(value.prefix(40)): \(answer.text)")
                    bodies.insert(answer.withoutRequestID)
                }
                #expect(bodies.count == 1)
                let twice = ["\(name): \(foreign)", "\(name): \(foreign)"]
                let answer = try await server.call("GET", "/api/v1/me", token: ada, headers: twice)
                #expect(answer.status == 400)
            }
            // An organization that invited somebody isn't theirs before they accept.
            _ = try await server.invite(EdgeServer.email, "admin", by: bob.token)
            let invited = try await server.call(
                "GET",
                "/api/v1/me",
                token: ada,
                headers: ["Claviger-Organization: \(other)"]
            )
            #expect(invited.status == 404)
        }
    }

    @Test("ORG-4, ORG-5: a member sees the workspaces they belong to, and no other")
    func workspaces() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let first = try await server.workspace(of: ada)
            let made = try await server.call("POST", "/api/v1/workspaces", token: ada, body: #"{"name":"Second"}"#)
            let second = try #require(made.json["id"]?.stringValue, "\(made.text)")
            let eve = try await server.member("eve@example.org", in: [(second, "developer")], by: ada)
            #expect(try await server.workspace(of: eve.token) == second)
            let there = ["Claviger-Workspace: \(first)"]
            #expect(try await server.call("GET", "/api/v1/me", token: eve.token, headers: there).status == 404)
            #expect(try await server.call("GET", "/api/v1/me", token: ada, headers: there).status == 200)
            let list = try await server.call("GET", "/api/v1/workspaces", token: eve.token)
            #expect(list.json["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == [second])
            // Paused there, they may do nothing there; removed, it is gone for them.
            let path = "/api/v1/workspaces/\(second)/members/\(eve.memberID)"
            #expect(try await server.call("PATCH", path, token: ada, body: #"{"status":"paused"}"#).status == 200)
            let place = ["Claviger-Workspace: \(second)"]
            let paused = try await server.call("GET", "/api/v1/agents", token: eve.token, headers: place)
            #expect(paused.code == "MembershipInactive")
            #expect(try await server.call("DELETE", path, token: ada).status == 204)
            #expect(try await server.call("GET", "/api/v1/agents", token: eve.token, headers: place).status == 404)
            #expect(try await server.call("GET", "/api/v1/agents", token: eve.token).status == 403)
        }
    }
}

extension Answer {
    /// The body without what differs in every answer.
    var withoutRequestID: String {
        guard let object = json.objectValue else { return text }
        return JSONValue.object(
            JSONObject(object.fields.filter { $0.name != "request_id" }.map { ($0.name, $0.value) })
        )
        .text
    }
}
