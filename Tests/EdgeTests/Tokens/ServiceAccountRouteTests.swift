import StrictJSON
import Testing

@Suite("Service account routes")
struct ServiceAccountRouteTests {
    private static let path = "/api/v1/service-accounts"

    @Test("TOK-1, ORG-6: an account is made, gets a token that does what its role allows, is paused and deleted")
    func life() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let made = try await server.call(
                "POST",
                Self.path,
                token: owner,
                body: #"{"name":"robot","role":"viewer","description":"reads"}"#
            )
            #expect(made.status == 201, "\(made.text)")
            let id = try #require(made.json["id"]?.stringValue)
            let body = #"{"name":"t","scopes":["agents:read"],"expires_in_days":90}"#
            let issued = try await server.call("POST", "\(Self.path)/\(id)/tokens", token: owner, body: body)
            let text = try #require(issued.json["secret"]?.stringValue, "\(issued.text)")
            #expect(issued.status == 201 && text.hasPrefix("clv_sa_"))
            #expect(issued.json["token"]?["owner"]?["id"]?.stringValue == id)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
            let wide = #"{"name":"w","scopes":["agents:rotate"],"expires_in_days":90}"#
            let refused = try await server.call("POST", "\(Self.path)/\(id)/tokens", token: owner, body: wide)
            #expect(refused.status == 403 && refused.code == "PermissionExceedsOwner")
            let change = #"{"role":"developer","description":null}"#
            let changed = try await server.call("PATCH", "\(Self.path)/\(id)", token: owner, body: change).json
            #expect(changed["role"]?.stringValue == "developer" && changed["description"] == nil)
            let paused = try await server.call("POST", "\(Self.path)/\(id)/pause", token: owner)
            #expect(paused.json["status"]?.stringValue == "paused" && paused.json["tokens"]?.integerValue == 1)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "InvalidToken")
            #expect(try await server.call("POST", "\(Self.path)/\(id)/resume", token: owner).status == 200)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
            let listed = try await server.call("GET", Self.path, token: owner).json
            #expect(listed["data"]?.arrayValue?.count == 1)
            #expect(try await server.call("DELETE", "\(Self.path)/\(id)", token: owner).status == 204)
            #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "RevokedToken")
            #expect(try await server.call("GET", "\(Self.path)/\(id)", token: owner).status == 404)
        }
    }

    @Test(
        "TOK-8: bodies that make no account are refused by field",
        arguments: [
            (#"{"name":"a"}"#, "/role"), (#"{"name":"a","role":"owner"}"#, "/role"),
            (#"{"name":"a","role":"viewer","custom_role_id":"x"}"#, "/custom_role_id"),
            (#"{"name":"","role":"viewer"}"#, "/name"), (#"{"name":"a","role":"viewer","state":"active"}"#, "/state"),
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

    @Test("ORG-6: an account's token with no right to it makes no accounts and sees none")
    func rights() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (_, text) = try await server.token("t", ["agents:read"], owner)
            let refused = try await server.call("POST", Self.path, token: text, body: #"{"name":"a","role":"viewer"}"#)
            #expect(refused.status == 403 && refused.code == "InsufficientScope")
            #expect(refused.json["scope"]?.stringValue == "service_accounts:create")
            #expect(try await server.call("GET", Self.path, token: text).status == 403)
        }
    }
}
