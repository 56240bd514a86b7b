import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("Token routes")
struct TokenRouteTests {
    private static let path = "/api/v1/tokens"

    @Test("TOK-1, TOK-2: a token is created, shown once, used, listed without its text, changed and revoked")
    func life() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let body = """
                {"name":"ci","scopes":["agents:read"],"tags":["a"],"addresses":["127.0.0.0/8"],"serves":"billing",
                 "expires_in_days":30}
                """
            let made = try await server.call("POST", Self.path, token: owner, body: body)
            #expect(made.status == 201, "\(made.text)")
            let text = try #require(made.json["secret"]?.stringValue)
            let id = try #require(made.json["token"]?["id"]?.stringValue)
            #expect(text.hasPrefix("clv_pt_") && made.json["token"]?["prefix"]?.stringValue == String(text.prefix(11)))
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
            let refused = try await server.call("POST", "/api/v1/agents", token: text, body: #"{"name":"x"}"#)
            #expect(refused.status == 403 && refused.code == "InsufficientScope")
            #expect(refused.json["scope"]?.stringValue == "agents:create")
            let listed = try await server.call("GET", Self.path + "?kind=personal&tag=a&q=CI", token: owner)
            #expect(listed.json["data"]?.arrayValue?.count == 1 && !listed.text.contains(text))
            let change = #"{"name":"ci 2","description":null,"addresses":[]}"#
            let changed = try await server.call("PATCH", "\(Self.path)/\(id)", token: owner, body: change).json
            #expect(changed["name"]?.stringValue == "ci 2" && changed["addresses"] == .array([]))
            let revoked = try await server.call("POST", "\(Self.path)/\(id)/revoke", token: owner)
            #expect(revoked.json["status"]?.stringValue == "revoked", "\(revoked.text)")
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "RevokedToken")
            #expect(!server.log.text.contains(text))
        }
    }

    @Test("TOK-1, TOK-8: the end is said in exactly one way, and every faulty field is named with what would be right")
    func faults() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            for ends in [
                "", #","expires_in_days":30,"never_expires":true"#, #","never_expires":false"#,
                #","expires_in_days":30,"expires_at":"2030-01-01T00:00:00Z""#,
            ] {
                let body = #"{"name":"a","scopes":["agents:read"]\#(ends)}"#
                let answer = try await server.call("POST", Self.path, token: owner, body: body)
                #expect(answer.status == 422, "\(body): \(answer.text)")
                #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == "/expires_in_days")
            }
            let body = """
                {"name":"","scopes":["agents:read","agents:fly","*","invoices:read"],"tags":[""],
                 "addresses":["10.0.0.1/8"],"expires_in_days":31}
                """
            let answer = try await server.call("POST", Self.path, token: owner, body: body)
            let paths = answer.json["errors"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
            #expect(answer.code == "InvalidFields")
            #expect(
                Set(paths) == [
                    "/name", "/scopes/1", "/scopes/2", "/tags/0", "/addresses/0", "/expires_in_days",
                ],
                "\(answer.text)"
            )
        }
    }

    @Test(
        "TOK-8: bodies that are no token, with keys twice, unknown fields or 10,000 scopes, are refused and make nothing",
        arguments: [
            #"{"name":"a","name":"b","scopes":["agents:read"],"expires_in_days":7}"#,
            #"{"name":"a","scopes":["agents:read"],"expires_in_days":7,"owner":"usr_x"}"#,
            #"{"name":"a","scopes":"agents:read","expires_in_days":7}"#,
            #"{"name":"a","scopes":[],"expires_in_days":7}"#,
            #"{"name":"a","scopes":["agents:read","agents:read"],"expires_in_days":7}"#,
            #"{"name":"a\u0000","scopes":["agents:read"],"expires_in_days":7}"#,
            #"{"name":"a\u202e","scopes":["agents:read"],"expires_in_days":7}"#,
            #"{"name":"a","scopes":["agents:read"],"expires_at":"2016-12-31T23:59:60Z"}"#,
            #"{"name":"a","scopes":["agents:read"],"expires_at":"2020-01-01T00:00:00Z"}"#,
            #"{"name":"a","scopes":["agents:read"],"expires_in_days":7.5}"#, "[]", "", "{",
            #"{"name":"a","scopes":[\#(repeatElement(#""agents:read""#, count: 10_000).joined(separator: ","))],"#
                + #""expires_in_days":7}"#,
        ]
    )
    func malformed(_ body: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let answer = try await server.call("POST", Self.path, token: owner, body: body)
            #expect([400, 413, 422].contains(answer.status), "\(answer.text.prefix(200))")
            #expect(try await server.call("GET", Self.path, token: owner).json["data"] == .array([]))
        }
    }

    @Test("TOK-1: names of every script are kept as they are, to 255 characters and not one more")
    func names() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            for name in ["Ключ", "鍵", "مفتاح", "चाबी", "🗝️", String(repeating: "é", count: 255)] {
                let body = #"{"name":"\#(name)","scopes":["agents:read"],"never_expires":true}"#
                let made = try await server.call("POST", Self.path, token: owner, body: body)
                #expect(made.json["token"]?["name"]?.stringValue == name, "\(made.text)")
                let again = try await server.call("POST", Self.path, token: owner, body: body)
                #expect(again.status == 409 && again.code == "NameTaken")
            }
            let long = String(repeating: "é", count: 256)
            let body = #"{"name":"\#(long)","scopes":["agents:read"],"never_expires":true}"#
            #expect(try await server.call("POST", Self.path, token: owner, body: body).status == 422)
        }
    }

    @Test("ROT-5, ROT-13: creation and rotation with one key happen once, and the second answer holds no text")
    func idempotency() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let body = #"{"name":"ci","scopes":["agents:read"],"expires_in_days":7}"#
            let make = {
                try await server.call("POST", Self.path, token: owner, headers: ["Idempotency-Key: a"], body: body)
            }
            let (first, second) = (try await make(), try await make())
            let id = try #require(first.json["token"]?["id"]?.stringValue)
            #expect(
                second.status == 201 && second.json["secret"] == .null && second.json["token"] == first.json["token"]
            )
            #expect(second.json["secret_already_shown"]?.boolValue == true)
            let text = try #require(first.json["secret"]?.stringValue)
            // The token rotates itself, though it has no scope for it.
            let rotate = {
                let path = "\(Self.path)/\(id)/rotate"
                return try await server.call("POST", path, token: text, headers: ["Idempotency-Key: b"])
            }
            let (rotated, again) = (try await rotate(), try await rotate())
            #expect(rotated.status == 200 && rotated.json["token"]?["generation"]?.integerValue == 2, "\(rotated.text)")
            #expect(again.status == 200 && again.json["secret"] == .null, "\(again.text)")
            let next = try #require(rotated.json["secret"]?.stringValue)
            #expect(try await server.call("GET", "/api/v1/agents", token: next).status == 200)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "RotatedOutToken")
        }
    }

    @Test(
        "TOK-1: pause and resume answer the state there is now, and a paused token is refused",
        arguments: ["", "{}"]
    )
    func pause(_ body: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (id, text) = try await server.token("ci", ["agents:read"], owner)
            let act = { (verb: String) in
                try await server.call(
                    "POST",
                    "\(Self.path)/\(id)/\(verb)",
                    token: owner,
                    body: body.isEmpty ? nil : body
                )
            }
            #expect(try await act("pause").json["status"]?.stringValue == "paused")
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "SuspendedToken")
            let rotated = try await act("rotate")
            #expect(rotated.status == 409 && rotated.json["current_state"]?.stringValue == "paused")
            #expect(try await act("resume").json["status"]?.stringValue == "live")
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
        }
    }

    @Test(
        "ORG-1: ids that are malformed, of another kind, or free answer alike",
        arguments: ["x", "agt_", "%00", "free"]
    )
    func unknown(_ id: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let free = "crd_01h455vb4pex5vsknk084sn02q"
            for (method, tail) in [("GET", ""), ("POST", "/revoke"), ("POST", "/rotate"), ("PATCH", "")] {
                let path = "\(Self.path)/\(id == "free" ? free : id)\(tail)"
                let answer = try await server.call(method, path, token: owner, body: method == "GET" ? nil : "{}")
                #expect(answer.status == 404 && answer.code == "NotFound", "\(method) \(path): \(answer.text)")
            }
        }
    }

    @Test("TOK-1: a list is narrowed by what its query says, and refuses what it doesn't know")
    func queries() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            for number in 1...3 { _ = try await server.token("t\(number)", ["agents:read"], owner) }
            let first = try await server.call("GET", Self.path + "?limit=2", token: owner).json
            #expect(first["data"]?.arrayValue?.count == 2)
            let cursor = try #require(first["next_cursor"]?.stringValue)
            let rest = try await server.call("GET", Self.path + "?limit=2&cursor=\(cursor)", token: owner).json
            #expect(rest["data"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == ["t1"])
            #expect(try await server.call("GET", Self.path + "?kind=service", token: owner).json["data"] == .array([]))
            for query in ["kind=agent", "status=dead", "owner=x", "limit=0", "limit=201", "expires_before=soon", "x=1"]
            {
                let answer = try await server.call("GET", "\(Self.path)?\(query)", token: owner)
                #expect(answer.status == 422, "\(query): \(answer.text)")
            }
        }
    }
}

extension EdgeServer {
    /// A new personal token's id and text.
    func token(_ name: String, _ scopes: [String], _ caller: String) async throws -> (id: String, text: String) {
        let list = scopes.map { "\"\($0)\"" }.joined(separator: ",")
        let body = #"{"name":"\#(name)","scopes":[\#(list)],"expires_in_days":30}"#
        let made = try await call("POST", "/api/v1/tokens", token: caller, body: body)
        let id = try #require(made.json["token"]?["id"]?.stringValue, "\(made.text)")
        return (id, try #require(made.json["secret"]?.stringValue))
    }
}
