import StrictJSON
import Testing

@Suite("Scopes of tokens at the agents' routes")
struct TokenScopeRouteTests {
    private static let mounts = ["/api/v1/agents", "/api/v1/operator/agents"]

    @Test("TOK-3: a scope of one route opens that route for every agent, under both its names, and nothing else")
    func oneRoute() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let ids = [
                try await server.createAgent("a", owner: owner).id, try await server.createAgent("b", owner: owner).id,
            ]
            let token = try await server.token("route", ["endpoint:GET:/api/v1/agents/{id}"], owner).text
            for mount in Self.mounts {
                for id in ids {
                    let shown = try await server.call("GET", "\(mount)/\(id)", token: token)
                    #expect(shown.status == 200 && shown.json["id"]?.stringValue == id, "\(shown.text)")
                }
                for (method, path, scope) in [
                    ("GET", mount, "agents:read"), ("GET", "\(mount)/\(ids[0])/events", "agents:read"),
                    ("PATCH", "\(mount)/\(ids[0])", "agents:update"), ("DELETE", "\(mount)/\(ids[0])", "agents:delete"),
                    ("POST", "\(mount)/\(ids[0])/tokens/rotate", "agents:rotate"),
                ] {
                    let body = method == "GET" || method == "DELETE" ? nil : "{}"
                    let refused = try await server.call(method, path, token: token, body: body)
                    expectMissing(scope, refused, "\(method) \(path)")
                }
            }
        }
    }

    @Test("TOK-3: a scope of one agent works on that agent, and another one answers like one that does not exist")
    func oneAgent() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("mine", owner: owner)
            let other = try await server.createAgent("other", owner: owner).id
            let token = try await server.token(
                "one",
                ["agents:rotate:\(machine.id)", "agents:read:\(machine.id)"],
                owner
            ).text
            for mount in Self.mounts {
                let shown = try await server.call("GET", "\(mount)/\(machine.id)", token: token)
                #expect(shown.json["id"]?.stringValue == machine.id, "\(shown.text)")
                let body = #"{"wait_seconds":0}"#
                let path = "\(mount)/\(machine.id)/tokens/rotate"
                let rotated = try await server.call("POST", path, token: token, body: body)
                // The scope opens the route; what the agent's state says to it is another matter.
                #expect([200, 202, 409].contains(rotated.status), "\(rotated.text)")
                let answers = [
                    try await server.call("POST", "\(mount)/\(other)/tokens/rotate", token: token, body: body),
                    try await server.call(
                        "POST",
                        "\(mount)/agt_01h455vb4pex5vsknk084sn02q/tokens/rotate",
                        token: token,
                        body: body
                    ),
                ]
                for answer in answers { expectMissing("agents:rotate", answer, mount) }
                #expect(answers[0].withoutRequestID == answers[1].withoutRequestID)
                expectMissing("agents:read", try await server.call("GET", mount, token: token), mount)
            }
        }
    }

    @Test("TOK-3: agents:create makes agents and does nothing to them")
    func create() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let token = try await server.token("maker", ["agents:create"], owner).text
            for (place, mount) in Self.mounts.enumerated() {
                let made = try await server.call("POST", mount, token: token, body: #"{"name":"made \#(place)"}"#)
                let id = try #require(made.json["agent"]?["id"]?.stringValue, "\(made.text)")
                expectMissing("agents:read", try await server.call("GET", "\(mount)/\(id)", token: token), mount)
                expectMissing("agents:delete", try await server.call("DELETE", "\(mount)/\(id)", token: token), mount)
                #expect(try await server.call("GET", "\(mount)/\(id)", token: owner).status == 200)
            }
        }
    }

    /// A refusal names the scope that is missing, and says nothing else of the caller or what they asked for.
    private func expectMissing(_ scope: String, _ answer: Answer, _ what: String) {
        #expect(answer.status == 403 && answer.code == "InsufficientScope", "\(what): \(answer.text)")
        #expect(answer.json["scope"]?.stringValue == scope, "\(what): \(answer.text)")
        let names = Set(answer.json.objectValue?.fields.map(\.name) ?? [])
        #expect(names.isSubset(of: ["type", "title", "status", "detail", "code", "request_id", "scope"]), "\(names)")
    }
}
