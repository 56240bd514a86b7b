import StrictJSON
import Testing

@Suite("Machine identity routes")
struct IdentityRouteTests {
    private static let path = "/api/v1/identities"
    private static let robot =
        #"{"kind":"service","name":"robot","role":"viewer","scopes":["agents:read"],"expires_in_days":30}"#

    @Test("CLI-2: an identity is made with its token, rotated, paused, resumed and revoked, with events of mode setup")
    func life() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let made = try await server.call("POST", Self.path, token: owner, body: Self.robot)
            #expect(made.status == 201, "\(made.text)")
            let id = try #require(made.json["identity"]?["id"]?.stringValue)
            let first = try #require(made.json["secret"]?.stringValue)
            #expect(made.json["identity"]?["service_account"]?["tokens"]?.integerValue == 1)
            #expect(try await server.call("GET", "/api/v1/agents", token: first).status == 200)

            let rotated = try await server.call(
                "POST",
                "\(Self.path)/\(id)/rotate",
                token: owner,
                body: #"{"grace_period_seconds":0,"reason":"leaked"}"#
            )
            let second = try #require(rotated.json["secret"]?.stringValue, "\(rotated.text)")
            #expect(try await server.call("GET", "/api/v1/agents", token: first).status == 401)
            #expect(try await server.call("POST", "\(Self.path)/\(id)/pause", token: owner).status == 200)
            #expect(try await server.call("GET", "/api/v1/agents", token: second).status == 401)
            #expect(try await server.call("POST", "\(Self.path)/\(id)/resume", token: owner).status == 200)
            #expect(try await server.call("GET", "/api/v1/agents", token: second).status == 200)

            let seen = try await server.call("GET", "\(Self.path)/\(id)", token: owner)
            let token = try #require(seen.json["tokens"]?.arrayValue?.first)
            #expect(token["scopes"]?.arrayValue == ["agents:read"] && token["expires_at"]?.stringValue != nil)
            #expect(!seen.text.contains(first) && !seen.text.contains(second) && !seen.text.contains("hash"))
            let actions = (seen.json["events"]?.arrayValue ?? []).compactMap { $0["action"]?.stringValue }
            let expected = [
                "service_account.resume", "service_account.pause", "token.rotate", "token.create",
                "service_account.create",
            ]
            #expect(actions == expected, "\(actions)")
            #expect(seen.json["events"]?.arrayValue?.allSatisfy { $0["mode"]?.stringValue == "setup" } == true)

            let revoked = try await server.call("POST", "\(Self.path)/\(id)/revoke", token: owner)
            #expect(revoked.status == 200 && revoked.json["identity"] == .null, "\(revoked.text)")
            #expect(try await server.call("GET", "/api/v1/agents", token: second).code == "RevokedToken")
            #expect(try await server.call("GET", "\(Self.path)/\(id)", token: owner).status == 404)
        }
    }

    @Test("CLI-2: an agent is made with its install token, listed, and revoked")
    func agents() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let body = #"{"kind":"agent","name":"Alpha","slug":"alpha"}"#
            let made = try await server.call("POST", Self.path, token: owner, body: body)
            let id = try #require(made.json["identity"]?["id"]?.stringValue, "\(made.text)")
            let install = try #require(made.json["secret"]?.stringValue)
            let machine = try await TestMachine.enroll(at: server, id: id, installToken: install)
            #expect(!machine.token.isEmpty)
            let listed = try await server.call("GET", "\(Self.path)?kind=agent", token: owner)
            #expect(listed.json["data"]?.arrayValue?.first?["agent"]?["slug"]?.stringValue == "alpha")
            let revoked = try await server.call("POST", "\(Self.path)/\(id)/revoke", token: owner)
            #expect(revoked.json["identity"]?["agent"]?["status"]?.stringValue == "revoked", "\(revoked.text)")
        }
    }

    @Test("CLI-2: a dry run makes every check, writes nothing, makes no secret, and tells the plan")
    func dryRun() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let made = try await server.call("POST", Self.path, token: owner, body: Self.robot)
            let id = try #require(made.json["identity"]?["id"]?.stringValue)
            let secret = try #require(made.json["secret"]?.stringValue)
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let (channel, _) = try await TestChannel.open(server, machine)
            let before = try await server.call("GET", "/api/v1/audit/events?limit=200", token: owner).json["data"]

            let again = Self.robot.replacing("}", with: #","dry_run":true}"#)
            let taken = try await server.call("POST", Self.path, token: owner, body: again)
            #expect(taken.status == 409 && taken.code == "NameTaken", "the names that there are count: \(taken.text)")
            let other = again.replacing("robot", with: "other")
            let planned = try await server.call("POST", Self.path, token: owner, body: other)
            #expect(planned.status == 200 && planned.json["secret"] == .null && planned.json["identity"] == .null)
            #expect(planned.json["plan"]?.arrayValue?.count == 2, "\(planned.text)")
            for action in ["rotate", "pause", "revoke"] {
                for target in [id, machine.id] {
                    let path = "\(Self.path)/\(target)/\(action)"
                    let answer = try await server.call("POST", path, token: owner, body: #"{"dry_run":true}"#)
                    #expect(answer.status == 200 && answer.json["secret"] == .null, "\(path): \(answer.text)")
                    #expect(answer.json["plan"]?.arrayValue?.isEmpty == false)
                }
            }

            let after = try await server.call("GET", "/api/v1/audit/events?limit=200", token: owner).json["data"]
            #expect(before == after, "no event was written")
            #expect(try await server.call("GET", "/api/v1/agents", token: secret).status == 200)
            let listed = try await server.call("GET", Self.path, token: owner)
            #expect(listed.json["data"]?.arrayValue?.count == 1)
            #expect(try await server.agent(machine.id, owner)["connection"]?.stringValue == "connected")
            await channel.wire.close()
        }
    }

    @Test("CLI-2: without workspace:manage nothing is told, and the attempt is audited, in a dry run as one")
    func rights() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let workspace = try await server.workspace(of: owner)
            let viewer = try await server.member("eve@example.org", in: [(workspace, "viewer")], by: owner)
            let body = Self.robot.replacing("}", with: #","dry_run":true}"#)
            #expect(try await server.call("POST", Self.path, token: viewer.token, body: body).status == 403)
            #expect(try await server.call("GET", Self.path, token: viewer.token).status == 403)
            let free = "\(Self.path)/sva_00000000000000000000000001"
            #expect(try await server.call("GET", free, token: viewer.token).status == 403)
            let events = try await server.events("identity.create", by: owner)
            #expect(events.count == 1 && events[0]["mode"]?.stringValue == "dry-run")
            #expect(events[0]["outcome"]?.stringValue == "denied")
        }
    }

    @Test("CLI-2, ORG-7: what would be wider than its maker is refused whole: no account stays behind")
    func atomic() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let wide = Self.robot.replacing("agents:read", with: "agents:rotate")
            let refused = try await server.call("POST", Self.path, token: owner, body: wide)
            #expect(refused.status == 403 && refused.code == "PermissionExceedsOwner", "\(refused.text)")
            let listed = try await server.call("GET", Self.path, token: owner)
            #expect(listed.json["data"]?.arrayValue?.isEmpty == true)
            let denied = try await server.events("identity.create", by: owner)
            #expect(denied.first?["reason"]?.stringValue?.hasPrefix("policy violation") == true)
        }
    }

    @Test("CLI-2: of several tokens the one that is meant must be named")
    func several() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let made = try await server.call("POST", Self.path, token: owner, body: Self.robot)
            let id = try #require(made.json["identity"]?["id"]?.stringValue)
            let body = #"{"name":"second","scopes":["agents:read"],"expires_in_days":7}"#
            let path = "/api/v1/service-accounts/\(id)/tokens"
            let second = try await server.call("POST", path, token: owner, body: body)
            let token = try #require(second.json["token"]?["id"]?.stringValue, "\(second.text)")
            let unclear = try await server.call("POST", "\(Self.path)/\(id)/rotate", token: owner)
            #expect(unclear.status == 422 && unclear.text.contains(token) && unclear.text.contains("second"))
            let clear = #"{"token":"\#(token)"}"#
            let rotated = try await server.call("POST", "\(Self.path)/\(id)/rotate", token: owner, body: clear)
            #expect(rotated.status == 200 && rotated.json["secret"]?.stringValue != nil, "\(rotated.text)")
        }
    }

    @Test(
        "CLI-2: bodies that make no identity are refused by field",
        arguments: [
            (#"{"kind":"robot","name":"a"}"#, "/kind"), (#"{"kind":"service","name":"a"}"#, "/role"),
            (#"{"kind":"service","name":"a","role":"viewer"}"#, "/scopes"),
            (#"{"kind":"service","name":"a","role":"viewer","scopes":["agents:read"]}"#, "/expires_in_days"),
            (#"{"kind":"service","name":"a","role":"viewer","scopes":[],"expires_in_days":7}"#, "/scopes"),
            (#"{"kind":"service","name":"a","role":"viewer","scopes":["agents:read"],"slug":"a"}"#, "/slug"),
            (#"{"kind":"agent","name":"a","scopes":["agents:read"]}"#, "/scopes"),
            (#"{"kind":"agent","name":""}"#, "/name"),
        ]
    )
    func faults(_ body: String, _ path: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let answer = try await server.call("POST", Self.path, token: owner, body: body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path, "\(answer.text)")
        }
    }
}
