import StrictJSON
import Testing

@Suite("Invitations")
struct InvitationTests {
    private static func accept(_ server: EdgeServer, _ secret: String) async throws -> Answer {
        let body = #"{"secret":"\#(secret)","name":"Eve","password":"\#(EdgeServer.newPassword)"}"#
        return try await server.call("POST", "/api/v1/invitations/accept", body: body)
    }

    @Test("ORG-4: an invitation is good once, for seven days, and until it is withdrawn or made anew")
    func life() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (used, _) = try await server.invite("eve@example.org", by: ada)
            #expect(try await Self.accept(server, used).status == 201)
            #expect(try await Self.accept(server, used).code == "InvalidToken")
            let (old, _) = try await server.invite("bob@example.org", by: ada)
            let (new, _) = try await server.invite("bob@example.org", by: ada)
            #expect(try await Self.accept(server, old).code == "InvalidToken")
            let list = try await server.call("GET", "/api/v1/invitations", token: ada)
            let ids = list.json["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
            #expect(ids.count == 1)
            #expect(!list.text.contains("clv_iv"))
            let path = "/api/v1/invitations/\(ids.first ?? "-")"
            #expect(try await server.call("DELETE", path, token: ada).status == 204)
            #expect(try await server.call("DELETE", path, token: ada).status == 404)
            #expect(try await Self.accept(server, new).code == "InvalidToken")
            let (late, _) = try await server.invite("dan@example.org", by: ada)
            server.clock.advance(.seconds(7 * 86_400))
            #expect(try await Self.accept(server, late).code == "ExpiredToken")
        }
    }

    @Test("ORG-1, ORG-7: a link opens no account that exists: that takes its password, or its session")
    func existing() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let (secret, _) = try await server.invite(EdgeServer.email, "owner", by: bob.token)
            let join = #"{"secret":"\#(secret)"}"#
            #expect(try await Self.accept(server, secret).code == "InvalidCredentials")
            // The password is still the old one.
            _ = try await server.login()
            let wrong = try await server.call("POST", "/api/v1/me/organizations", token: bob.token, body: join)
            #expect(wrong.code == "PermissionDenied", "\(wrong.text)")
            let right = try await server.call("POST", "/api/v1/me/organizations", token: ada, body: join)
            #expect(right.status == 200, "\(right.text)")
            let again = try await server.call("POST", "/api/v1/me/organizations", token: ada, body: join)
            #expect(again.code == "InvalidToken")
        }
    }

    @Test("ORG-1: an organization's new invitation leaves another's alone, and says nothing of the account")
    func tenants() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let (first, _) = try await server.invite("eve@example.org", by: ada)
            let second = try await server.call(
                "POST",
                "/api/v1/invitations",
                token: bob.token,
                body: #"{"email":"EVE@example.org","role":"member"}"#
            )
            let fresh = try await server.call(
                "POST",
                "/api/v1/invitations",
                token: bob.token,
                body: #"{"email":"new@example.org","role":"member"}"#
            )
            #expect(
                second.json["invitation"]?.objectValue?.fields.map(\.name)
                    == fresh.json["invitation"]?.objectValue?.fields.map(\.name)
            )
            // The only person it tells of is the one who invites.
            #expect(second.json["invitation"]?["invited_by"]?["name"] == "bob@example.org")
            #expect(second.text.split(separator: "usr_").count == 2)
            #expect(try await Self.accept(server, first).status == 201)
        }
    }

    @Test("ORG-2: a secret of another kind, garbage, and a secret in the address are no invitation")
    func garbage() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (secret, _) = try await server.invite("eve@example.org", by: ada)
            for text in ["", "x", ada, server.setupSecret, secret + "0", String(secret.dropLast()) + "!"] {
                let answer = try await Self.accept(server, text)
                #expect(answer.status == 401, "\(text.prefix(8)): \(answer.text)")
            }
            #expect(try await server.call("GET", "/api/v1/invitations/accept?secret=\(secret)").status == 405)
            let link = try await server.call(
                "POST",
                "/api/v1/invitations",
                token: ada,
                headers: ["Idempotency-Key: once"],
                body: #"{"email":"bob@example.org","role":"member"}"#
            )
            let url = try #require(link.json["invitation_url"]?.stringValue)
            let token = try #require(link.json["invitation_token"]?.stringValue)
            #expect(url == "https://claviger.example/invitation#\(token)")
            let replay = try await server.call(
                "POST",
                "/api/v1/invitations",
                token: ada,
                headers: ["Idempotency-Key: once"],
                body: #"{"email":"bob@example.org","role":"member"}"#
            )
            #expect(replay.json["invitation_token"] == .null)
            #expect(replay.json["secret_already_shown"] == true)
        }
    }

    @Test(
        "ORG-4: what an invitation can't be is refused by name",
        arguments: [
            (#"{"email":"no","role":"member"}"#, "/email"), (#"{"email":"a@b.example","role":"x"}"#, "/role"),
            (#"{"email":"a@b.example","role":"member","workspaces":[{"id":"x","role":"viewer"}]}"#, "/workspaces/0/id"),
            (#"{"email":"a@b.example","role":"member","custom_role_id":"x"}"#, "/custom_role_id"),
        ]
    )
    func bad(body: String, path: String) async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let answer = try await server.call("POST", "/api/v1/invitations", token: ada, body: body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path)
            let places = (0...50).map { _ in #"{"id":"x","role":"viewer"}"# }.joined(separator: ",")
            let many = try await server.call(
                "POST",
                "/api/v1/invitations",
                token: ada,
                body: #"{"email":"a@b.example","role":"member","workspaces":[\#(places)]}"#
            )
            #expect(many.json["errors"]?.arrayValue?.first?["path"] == "/workspaces")
        }
    }
}
