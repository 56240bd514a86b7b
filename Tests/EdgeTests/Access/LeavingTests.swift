import StrictJSON
import Testing

@Suite("Leaving an organization")
struct LeavingTests {
    @Test("TOK-10, ORG-4: personal tokens of who was removed are revoked, and don't come back with their owner")
    func tokens() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let workspace = try await server.workspace(of: ada)
            let eve = try await server.member("eve@example.org", in: [(workspace, "developer")], by: ada)
            let token = try await server.token("mine", ["agents:read"], eve.token)
            #expect(try await server.call("GET", "/api/v1/agents", token: token.text).status == 200)
            let path = "/api/v1/members/\(eve.memberID)"
            #expect(try await server.call("DELETE", path, token: ada).status == 204)
            #expect(try await server.call("GET", "/api/v1/agents", token: token.text).code == "RevokedToken")
            let revoked = try await server.events("token.revoke", by: ada)
            #expect(revoked.map { $0["target"]?["id"]?.stringValue } == [token.id])
            #expect(revoked.first?["reason"] == "its owner left the organization")
            let (secret, _) = try await server.invite(eve.email, in: [(workspace, "developer")], by: ada)
            _ = try await server.accept(secret)
            #expect(try await server.call("GET", "/api/v1/agents", token: token.text).code == "RevokedToken")
        }
    }

    @Test("ORG-4: an invitation shows who made it, and is worthless once they are removed")
    func invitations() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", "admin", by: ada)
            let (first, _) = try await server.invite("first@example.org", by: eve.token)
            let (second, _) = try await server.invite("second@example.org", by: ada)
            let list = try await server.call("GET", "/api/v1/invitations", token: ada).json["data"]?.arrayValue ?? []
            let inviters = list.map {
                "\($0["email"]?.stringValue ?? "") \($0["invited_by"]?["name"]?.stringValue ?? "")"
            }
            #expect(Set(inviters) == ["first@example.org eve@example.org", "second@example.org ada@example.org"])
            #expect(try await server.call("DELETE", "/api/v1/members/\(eve.memberID)", token: ada).status == 204)
            let body = #"{"secret":"\#(first)","name":"F","password":"\#(EdgeServer.newPassword)"}"#
            let late = try await server.call("POST", "/api/v1/invitations/accept", body: body)
            #expect(late.code == "InvalidToken", "\(late.text)")
            let left = try await server.call("GET", "/api/v1/invitations", token: ada).json["data"]?.arrayValue ?? []
            #expect(left.map { $0["email"]?.stringValue } == ["second@example.org"])
            #expect(try await server.events("invitation.revoke", by: ada).count == 1)
            _ = try await server.accept(second)
        }
    }

    @Test("ORG-11: a server administrator stays one when an organization removes or pauses them")
    func administrator() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let bob = try await server.member("bob@example.org", "owner", by: ada)
            let agent = try await server.createAgent("theirs", owner: ada).id
            let id = try await server.memberID(of: EdgeServer.email, by: ada)
            for (method, path) in [("POST", "/api/v1/members/\(id)/pause"), ("DELETE", "/api/v1/members/\(id)")] {
                let done = try await server.call(method, path, token: bob.token)
                #expect((200..<300).contains(done.status), "\(done.text)")
                let again = try await server.login()
                let me = try await server.call("GET", "/api/v1/me", token: again)
                #expect(me.status == 200 && me.json["organization"] == nil, "\(me.text)")
                let held = me.json["permissions"]?.arrayValue?.compactMap(\.stringValue) ?? []
                #expect(!held.isEmpty && held.allSatisfy { $0.hasPrefix("server:") }, "\(held)")
                for path in ["plans", "organizations", "settings", "audit/events?scope=server"] {
                    #expect(try await server.call("GET", "/api/v1/\(path)", token: again).status == 200, "\(path)")
                }
                for path in ["agents", "members", "audit/events", "tokens", "roles", "organization", "workspaces"] {
                    let answer = try await server.call("GET", "/api/v1/\(path)", token: again)
                    #expect(answer.status == 403, "\(path): \(answer.text)")
                }
                #expect(try await server.call("GET", "/api/v1/agents/\(agent)", token: again).status != 200)
                let body = #"{"rotation_rate_per_second":100}"#
                #expect(try await server.call("PATCH", "/api/v1/settings", token: again, body: body).status == 200)
            }
        }
    }

    @Test("ORG-1: acceptance asks the same fields of somebody new and of somebody who has an account")
    func sameFields() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let (known, _) = try await server.invite(EdgeServer.email, by: bob.token)
            let (new, _) = try await server.invite("new@example.org", by: bob.token)
            let bodies = [
                { (secret: String) in #"{"secret":"\#(secret)","password":"\#(EdgeServer.newPassword)"}"# },
                { (secret: String) in #"{"secret":"\#(secret)","name":"N","password":"short"}"# },
                { (secret: String) in
                    #"{"secret":"\#(secret)","name":"\u202EN","password":"\#(EdgeServer.newPassword)"}"#
                },
            ]
            for body in bodies {
                let answers = [
                    try await server.call("POST", "/api/v1/invitations/accept", body: body(known)),
                    try await server.call("POST", "/api/v1/invitations/accept", body: body(new)),
                ]
                #expect(answers.allSatisfy { $0.status == 422 }, "\(answers.map(\.text))")
                #expect(answers[0].withoutRequestID == answers[1].withoutRequestID)
            }
            _ = try await server.accept(new)
        }
    }
}
