import StrictJSON
import Testing

@Suite("Routes of protected APIs and registered scopes")
struct ProtectedAPIRouteTests {
    @Test("TOK-3: a scope is registered, put on a token, changed and forgotten; admin-only ones are for administrators")
    func scopes() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let path = "/api/v1/registered-scopes"
            let body = #"{"name":"invoices:read","description":"reads","is_sensitive":true}"#
            let made = try await server.call("POST", path, token: owner, body: body)
            #expect(made.status == 201 && made.json["is_admin_only"]?.boolValue == false, "\(made.text)")
            #expect(try await server.call("POST", path, token: owner, body: body).code == "NameTaken")
            let (_, text) = try await server.token("t", ["invoices:read"], owner)
            let change = #"{"is_admin_only":true}"#
            let changed = try await server.call("PATCH", path + "/invoices:read", token: owner, body: change).json
            #expect(changed["is_admin_only"]?.boolValue == true && changed["is_sensitive"]?.boolValue == true)
            #expect(try await server.call("GET", path, token: owner).json["data"]?.arrayValue?.count == 1)
            #expect(try await server.call("DELETE", path + "/invoices%3Aread", token: owner).status == 204)
            #expect(try await server.call("DELETE", path + "/invoices:read", token: owner).status == 404)
            #expect(try await server.call("PATCH", path + "/invoices:read", token: owner, body: "{}").status == 404)
            let unknown = #"{"name":"u","scopes":["invoices:read"],"expires_in_days":7}"#
            #expect(try await server.call("POST", "/api/v1/tokens", token: owner, body: unknown).status == 422)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "InsufficientScope")
        }
    }

    @Test(
        "TOK-3: names that are ours, broad, malformed or too long are no scopes of an organization",
        arguments: [
            "agents:read", "invoices:*", "endpoint:read", "vault:read", "Invoices:read", "invoices", "invoices:",
            ":read", "a:b:c", "in voices:read", "счета:read", String(repeating: "x", count: 127) + ":r", "",
        ]
    )
    func names(_ name: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let body = #"{"name":"\#(name)"}"#
            let answer = try await server.call("POST", "/api/v1/registered-scopes", token: owner, body: body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == "/name")
        }
    }

    @Test("TOK-5: a protected API is made, read, changed and deleted")
    func apis() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let path = "/api/v1/protected-apis"
            let body = #"{"name":"Billing","audience":"billing","required_scopes":["agents:read"]}"#
            let made = try await server.call("POST", path, token: owner, body: body)
            let id = try #require(made.json["id"]?.stringValue, "\(made.text)")
            #expect(made.status == 201 && id.hasPrefix("api_"))
            #expect(made.json["accepted_kinds"] == .array([.string("personal"), .string("service")]))
            #expect(try await server.call("POST", path, token: owner, body: body).code == "NameTaken")
            let change = #"{"audience":null,"accepted_kinds":["session"],"required_scopes":[]}"#
            let changed = try await server.call("PATCH", "\(path)/\(id)", token: owner, body: change).json
            #expect(changed["audience"] == nil && changed["accepted_kinds"] == .array([.string("session")]))
            let back = try await server.call("PATCH", "\(path)/\(id)", token: owner, body: #"{"accepted_kinds":null}"#)
            #expect(back.json["accepted_kinds"]?.arrayValue?.count == 2)
            #expect(try await server.call("GET", "\(path)/\(id)", token: owner).json == back.json)
            #expect(try await server.call("GET", path, token: owner).json["data"]?.arrayValue?.count == 1)
            #expect(try await server.call("DELETE", "\(path)/\(id)", token: owner).status == 204)
            for method in ["GET", "DELETE"] {
                #expect(try await server.call(method, "\(path)/\(id)", token: owner).status == 404)
            }
        }
    }

    @Test(
        "TOK-8: what makes no protected API is refused by field",
        arguments: [
            (#"{"name":""}"#, "/name"), (#"{"name":"a","audience":""}"#, "/audience"),
            (#"{"name":"a","required_scopes":["*"]}"#, "/required_scopes/0"),
            (#"{"name":"a","required_scopes":["invoices:read"]}"#, "/required_scopes/0"),
            (#"{"name":"a","required_scopes":["agents:read","agents:read"]}"#, "/required_scopes/1"),
            (#"{"name":"a","accepted_kinds":[]}"#, "/accepted_kinds"),
            (#"{"name":"a","accepted_kinds":["install"]}"#, "/accepted_kinds/0"),
            (#"{"name":"a","accepted_kinds":["personal","personal"]}"#, "/accepted_kinds/1"),
            (#"{"name":"a","id":"api_x"}"#, "/id"),
        ]
    )
    func faults(_ body: String, _ path: String) async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let answer = try await server.call("POST", "/api/v1/protected-apis", token: owner, body: body)
            #expect(answer.status == 422, "\(answer.text)")
            #expect(answer.json["errors"]?.arrayValue?.first?["path"]?.stringValue == path, "\(answer.text)")
        }
    }
}
