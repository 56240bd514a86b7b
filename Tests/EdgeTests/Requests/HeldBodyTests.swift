import Domain
import SQLDatabase
import StrictJSON
import Testing

@Suite("What is lost between a request's head and its body")
struct HeldBodyTests {
    /// What somebody does while another one's request waits for its body.
    enum Loss: String, CaseIterable, Sendable {
        case removal, pause, demotion, signOut

        var code: String {
            switch self {
            case .removal, .pause: "MembershipInactive"
            case .demotion: "PermissionDenied"
            case .signOut: "RevokedToken"
            }
        }

        func happen(_ server: EdgeServer, to person: Person, by owner: String) async throws -> Answer {
            let member = "/api/v1/members/\(person.memberID)"
            switch self {
            case .removal: return try await server.call("DELETE", member, token: owner)
            case .pause: return try await server.call("POST", member + "/pause", token: owner, body: "{}")
            case .demotion: return try await server.patch(person.memberID, #"{"role":"member"}"#, by: owner)
            case .signOut: return try await server.call("POST", "/api/v1/auth/logout", token: person.token)
            }
        }
    }

    /// A change whose body comes later.
    struct Change: Sendable, CustomTestStringConvertible {
        let path: String
        let body: String
        /// The list in which it would show.
        let list: String

        var testDescription: String { path }
    }

    private static let changes = [
        Change(path: "/api/v1/agents", body: #"{"name":"late"}"#, list: "/api/v1/agents"),
        Change(
            path: "/api/v1/invitations",
            body: #"{"email":"late@example.org","role":"member"}"#,
            list: "/api/v1/invitations"
        ),
        Change(
            path: "/api/v1/service-accounts",
            body: #"{"name":"late","role":"viewer"}"#,
            list: "/api/v1/service-accounts"
        ),
        Change(
            path: "/api/v1/protected-apis",
            body: #"{"name":"late","required_scopes":[],"accepted_kinds":["personal"]}"#,
            list: "/api/v1/protected-apis"
        ),
    ]

    @Test(
        "ORG-6, AUD-1: who loses what a request needs while its body is on the way changes nothing by it",
        arguments: changes,
        Loss.allCases
    )
    func sessions(change: Change, loss: Loss) async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", "admin", by: ada)
            let before = try await server.call("GET", change.list, token: ada).withoutRequestID
            let held = try await HeldRequest(server, "POST", change.path, token: eve.token, body: change.body)
            let lost = try await loss.happen(server, to: eve, by: ada)
            #expect((200..<300).contains(lost.status), "\(lost.text)")
            let answer = try await held.finish()
            #expect(answer.code == loss.code, "\(answer.text)")
            #expect(try await server.call("GET", change.list, token: ada).withoutRequestID == before)
            let denials = try await server.call("GET", "/api/v1/audit/events?outcome=denied&limit=20", token: ada)
            #expect(denials.text.contains("lost meanwhile: \(loss.code)"), "\(denials.text)")
        }
    }

    @Test("ORG-6: a request whose caller lost nothing is carried out when its body comes")
    func untouched() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let eve = try await server.member("eve@example.org", "admin", by: ada)
            for change in Self.changes {
                let held = try await HeldRequest(server, "POST", change.path, token: eve.token, body: change.body)
                let answer = try await held.finish()
                #expect(answer.status == 201, "\(answer.text)")
            }
        }
    }

    @Test("ORG-6, REV-1: a token that is revoked while a body is on the way changes nothing and issues no other")
    func tokens() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let made = try await server.call(
                "POST",
                "/api/v1/service-accounts",
                token: ada,
                body: #"{"name":"robot","role":"manager"}"#
            )
            let account = try #require(made.json["id"]?.stringValue, "\(made.text)")
            let issue = "/api/v1/service-accounts/\(account)/tokens"
            let wide = #"{"name":"first","scopes":["service_accounts:write","agents:write"],"expires_in_days":7}"#
            let first = try await server.call("POST", issue, token: ada, body: wide)
            let token = try #require(first.json["secret"]?.stringValue, "\(first.text)")
            let id = try #require(first.json["token"]?["id"]?.stringValue)
            let late = #"{"name":"late","scopes":["agents:write"],"expires_in_days":7}"#
            let held = try await HeldRequest(server, "POST", issue, token: token, body: late)
            let revoked = try await server.call("POST", "/api/v1/tokens/\(id)/revoke", token: ada, body: "{}")
            #expect(revoked.status == 200, "\(revoked.text)")
            let answer = try await held.finish()
            #expect(answer.code == "RevokedToken", "\(answer.text)")
            let tokens = try await server.call("GET", "/api/v1/tokens", token: ada)
            #expect(!tokens.text.contains("late"))
        }
    }

    @Test("ORG-6: what ends the caller's own session or token is carried out and its key is settled")
    func own() async throws {
        try await EdgeServer.run { server in
            let ada = try await server.owner()
            let again = try await server.login()
            let held = try await HeldRequest(
                server,
                "POST",
                "/api/v1/auth/password",
                token: again,
                body: #"{"current_password":"\#(EdgeServer.password)","new_password":"\#(EdgeServer.newPassword)"}"#
            )
            let answer = try await held.finish()
            #expect(answer.status == 204, "\(answer.text)")
            #expect(try await server.call("GET", "/api/v1/me", token: ada).code == "RevokedToken")
        }
    }
}

/// A request whose caller was let in and whose body has not come.
struct HeldRequest: Sendable {
    private let wire: Wire
    private let body: String

    /// Sends the head, and waits until the use of its credential was noted: that is after the caller was authenticated.
    init(_ server: EdgeServer, _ method: String, _ path: String, token: String, body: String) async throws {
        // A use is noted once a minute.
        server.clock.advance(.seconds(120))
        let mark = server.clock.now()
        wire = try await Wire.connect(port: server.port)
        self.body = body
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: localhost\r
            Authorization: Bearer \(token)\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r

            """
        try await wire.send(Array(head.utf8))
        try await eventually("the caller is let in") {
            try await server.database.read { tx in
                let sessions = try tx.first("SELECT 1 FROM session WHERE last_used_at >= ?", [.int(mark.microseconds)])
                let tokens = try tx.first("SELECT 1 FROM token_use WHERE last_used_at >= ?", [.int(mark.microseconds)])
                return sessions != nil || tokens != nil
            }
        }
    }

    /// Sends the body and takes the answer.
    func finish() async throws -> Answer {
        try await wire.send(Array(body.utf8))
        try await eventually("an answer") { wire.isClosed || Answer(wire.received) != nil }
        let answer = try #require(Answer(wire.received, untilClose: true), "no answer: \(wire.text)")
        await wire.close()
        return answer
    }
}
