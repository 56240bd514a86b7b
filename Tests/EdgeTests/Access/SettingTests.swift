import Domain
import StrictJSON
import Testing

@Suite("Settings of several organizations")
struct SettingTests {
    /// A setting as somebody sees it.
    private static func setting(_ key: String, _ server: EdgeServer, by token: String) async throws -> JSONValue {
        let answer = try await server.call("GET", "/api/v1/settings", token: token)
        let found = answer.json["data"]?.arrayValue?.first { $0["key"]?.stringValue == key }
        return try #require(found, "\(answer.text)")
    }

    private static func change(
        _ server: EdgeServer,
        _ body: String,
        level: String? = nil,
        by token: String
    ) async throws -> Answer {
        let path = "/api/v1/settings" + (level.map { "?level=\($0)" } ?? "")
        return try await server.call("PATCH", path, token: token, body: body)
    }

    @Test("ORG-1, ORG-11: what an organization changes holds for it alone, and is never wider than the server's")
    func tenants() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let key = "agent_token_rotation_days"
            let changed = try await Self.change(server, #"{"\#(key)":3}"#, by: bob.token)
            #expect(changed.status == 200, "\(changed.text)")
            let theirs = try await Self.setting(key, server, by: ada)
            #expect(theirs["value"] == 7 && theirs["source"] == "default" && theirs["organization_value"] == nil)
            let own = try await Self.setting(key, server, by: bob.token)
            #expect(own["value"] == 3 && own["source"] == "organization")
            #expect(own["server_value"] == 7 && own["organization_value"] == 3)
            let wide = try await Self.change(server, #"{"\#(key)":8}"#, by: bob.token)
            #expect(wide.status == 422)
            #expect(wide.json["errors"]?.arrayValue?.first?["path"]?.stringValue == "/\(key)")
            #expect(wide.text.contains("must be at most 7, the server's value"))
            // What is the server's is nobody else's to change.
            let rate = #"{"rotation_rate_per_second":1}"#
            #expect(try await Self.change(server, rate, by: bob.token).code == "PermissionDenied")
            #expect(try await Self.change(server, rate, level: "organization", by: bob.token).status == 422)
            #expect(try await Self.change(server, #"{"\#(key)":2}"#, level: "server", by: bob.token).status == 403)
            #expect(try await Self.change(server, rate, level: "both", by: bob.token).status == 422)
            // The server's own value holds for everybody who has no narrower one.
            #expect(try await Self.change(server, #"{"\#(key)":2}"#, by: ada).status == 200)
            let bounded = try await Self.setting(key, server, by: bob.token)
            #expect(bounded["value"] == 2 && bounded["source"] == "server" && bounded["organization_value"] == 3)
        }
    }

    @Test("ORG-1, ORG-11: agents, install tokens and sessions go by their own organization's settings")
    func effects() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let before = try await Self.days(server, "before", owner: bob.token)
            #expect(before == 7)
            let body = #"{"agent_token_rotation_days":3,"session_idle_hours":1,"session_absolute_days":1}"#
            #expect(try await Self.change(server, body, by: bob.token).status == 200)
            try await eventually("the node knows of it") {
                try await Self.days(server, "probe", owner: bob.token) == 3
            }
            #expect(try await Self.days(server, "theirs", owner: ada) == 7)
            server.clock.advance(.seconds(2 * 3600))
            #expect(try await server.call("GET", "/api/v1/me", token: bob.token).code == "ExpiredToken")
            #expect(try await server.call("GET", "/api/v1/me", token: ada).status == 200)
        }
    }

    @Test("ORG-11: what is done in an organization goes by its settings, whoever's session it is")
    func guests() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (other, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let (secret, _) = try await server.invite(EdgeServer.email, "auditor", by: bob.token)
            let joined = try await server.call(
                "POST",
                "/api/v1/me/organizations",
                token: ada,
                body: #"{"secret":"\#(secret)"}"#
            )
            #expect(joined.status == 200, "\(joined.text)")
            #expect(try await Self.change(server, #"{"session_idle_hours":1}"#, by: bob.token).status == 200)
            server.clock.advance(.seconds(2 * 3600))
            let there = ["Claviger-Organization: \(other)"]
            #expect(try await server.call("GET", "/api/v1/me", token: ada, headers: there).code == "ExpiredToken")
            #expect(try await server.call("GET", "/api/v1/me", token: ada).status == 200)
        }
    }

    /// For how many days the token of a new agent is good.
    private static func days(_ server: EdgeServer, _ name: String, owner: String) async throws -> Int64 {
        let unique = "\(name) \(server.clock.now().microseconds)"
        let machine = try await server.enrolledAgent(unique, owner: owner)
        let shown = try await server.agent(machine.id, owner)
        let expiry = try #require(shown["token"]?["expires_at"]?.stringValue, "\(shown)")
        return try #require(Instant(rfc3339: expiry)).days(since: server.clock.now())
    }
}

extension Instant {
    fileprivate func days(since other: Instant) -> Int64 {
        (microseconds - other.microseconds + 43_200_000_000) / 86_400_000_000
    }
}
