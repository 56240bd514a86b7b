import ClavigerWire
import ControlPlane
import Domain
import StrictJSON
import Testing

@Suite("Verification")
struct VerifyTokenTests {
    @Test("TOK-5: a good token is told with identity, scopes and what is left; a bad one with its code alone")
    func answers() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"per_hour":10}"#)
            let grant = try await api.token("one", ["agents:read", "agents:rotate"])
            let text = grant.token.revealed()
            let body = #"{"token":"\#(text)","api":"\#(api.api.id.text)","scopes":["agents:read"],"cost":3}"#
            let good = try await api.verify(body)
            #expect(good.status == 200, "\(good.text)")
            #expect(good.json["valid"]?.boolValue == true)
            #expect(good.json["token_id"]?.stringValue == grant.view.token.id.text)
            #expect(good.json["identity"]?["id"]?.stringValue == api.owner.actor.id)
            #expect(good.json["scopes"] == ["agents:read", "agents:rotate"])
            #expect(good.json["limits"]?.arrayValue?.first?["left"]?.integerValue == 7)
            let scope = try await api.verify(#"{"token":"\#(text)","scopes":["keys:write"]}"#)
            #expect(scope.json["valid"]?.boolValue == false)
            #expect(scope.json["code"]?.stringValue == "InsufficientScope")
            #expect(scope.json["scope"]?.stringValue == "keys:write")
            let limited = try await api.verify(#"{"token":"\#(text)","cost":8}"#)
            #expect(limited.status == 200)
            #expect(limited.json["code"]?.stringValue == "RateLimitExceeded")
            #expect(limited.json["retry_after_seconds"]?.integerValue ?? 0 > 0)
            #expect(limited.json["resets_at"]?.stringValue != nil)
            let unknown = try await api.verify(#"{"token":"clv_pt_x"}"#)
            #expect(unknown.json["code"]?.stringValue == "InvalidToken")
            #expect(unknown.json["token_id"] == nil)
        }
    }

    @Test(
        "TOK-5: every malformed question is refused with the field that is wrong",
        arguments: [
            (#"{}"#, "/token"), (#"{"token":1}"#, "/token"), (#"{"token":"x","cost":-1}"#, "/cost"),
            (#"{"token":"x","cost":1001}"#, "/cost"), (#"{"token":"x","cost":1.5}"#, "/cost"),
            (#"{"token":"x","scopes":"agents:read"}"#, "/scopes"),
            (#"{"token":"x","scopes":["no scope"]}"#, "/scopes/0"),
            (#"{"token":"x","scopes":[1]}"#, "/scopes/0"),
            (#"{"token":"x","client_address":"1.2.3"}"#, "/client_address"),
            (#"{"token":"x","api":"api_x"}"#, "/api"), (#"{"token":"x","more":1}"#, "/more"), (#"[]"#, ""),
            (#"{"token":"x","api":"api_0000000000e008000000000001"}"#, "/api"),
        ]
    )
    func malformed(body: String, path: String) async throws {
        try await VerifiedAPI.run { api in
            let answer = try await api.verify(body)
            #expect(answer.status == 422, "\(answer.text)")
            let paths = answer.json["errors"]?.arrayValue?.compactMap { $0["path"]?.stringValue } ?? []
            #expect(paths.contains(path), "\(answer.text)")
        }
    }

    @Test("TOK-5: duplicate keys, broken JSON, another media type, too many scopes and too long a body are refused")
    func garbage() async throws {
        try await VerifiedAPI.run { api in
            #expect(try await api.verify(#"{"token":"a","token":"b"}"#).status == 422)
            #expect(try await api.verify(#"{"token":"#).status == 400)
            #expect(try await api.verify("{}", headers: ["Content-Type: text/plain"]).status == 415)
            let scopes = (0..<10_000).map { _ in #""agents:read""# }.joined(separator: ",")
            #expect(try await api.verify(#"{"token":"x","scopes":[\#(scopes)]}"#).status == 422)
            #expect(try await api.server.call("GET", "/api/v1/tokens/verify").status == 405)
            let host = try await api.verify("{}", headers: ["Host: other.example"])
            #expect(host.status == 421)
        }
    }

    @Test("TOK-5, ORG-6: who asks needs a live token with tokens:verify; every other is refused")
    func asker() async throws {
        try await VerifiedAPI.run { api in
            let poor = try await api.token("poor").token.revealed()
            let body = #"{"token":"x"}"#
            let refused = try await api.verify(body, as: poor)
            #expect(refused.status == 403)
            #expect(refused.code == "InsufficientScope")
            #expect(refused.json["scope"]?.stringValue == "tokens:verify")
            #expect(try await api.verify(body, as: "garbage").status == 401)
            #expect(try await api.server.call("POST", "/api/v1/tokens/verify", body: body).status == 401)
        }
    }

    @Test("ORG-1, TOK-5: a person asks for the organization that they name, and for no other one's")
    func place() async throws {
        try await VerifiedAPI.run { api in
            let server = api.server
            let ada = try await server.login()
            let (other, bob) = try await server.organization("Other", owner: "bob@example.org", by: ada)
            let (secret, _) = try await server.invite(EdgeServer.email, "admin", by: bob.token)
            let joined = try await server.call(
                "POST",
                "/api/v1/me/organizations",
                token: ada,
                body: #"{"secret":"\#(secret)"}"#
            )
            #expect(joined.status == 200 || joined.status == 201, "\(joined.text)")
            let text = try await api.token("one").token.revealed()
            func valid(_ headers: [String], _ token: String) async throws -> Bool? {
                let answer = try await api.verify(#"{"token":"\#(text)"}"#, as: token, headers: headers)
                return answer.status == 200 ? answer.json["valid"]?.boolValue : nil
            }
            #expect(try await valid([], ada) == true)
            #expect(try await valid(["Claviger-Organization: \(api.api.organizationID.text)"], ada) == true)
            #expect(try await valid(["Claviger-Organization: \(other)"], ada) == false)
            #expect(try await valid(["Claviger-Organization: \(api.api.organizationID.text)"], bob.token) == nil)
            #expect(try await valid(["Claviger-Organization: \(other)"], bob.token) == false)
            let twice = ["Claviger-Organization: \(other)", "Claviger-Organization: \(other)"]
            #expect(try await valid(twice, ada) == nil)
            let form = try await api.form(
                "/oauth2/introspect",
                "token=\(text)",
                headers: ["Authorization: Bearer \(ada)", "Claviger-Organization: \(other)"]
            )
            #expect(form.text == #"{"active":false}"#)
        }
    }

    @Test("TOK-3: tokens:verify can be given for single endpoints, and then opens those alone")
    func endpoints() async throws {
        try await VerifiedAPI.run { api in
            let session = try await api.server.login()
            func make(_ scope: String) async throws -> String {
                let body = #"{"name":"\#(scope.suffix(20))","scopes":["\#(scope)"],"expires_in_days":7}"#
                let made = try await api.server.call("POST", "/api/v1/tokens", token: session, body: body)
                return try #require(made.json["secret"]?.stringValue, "\(made.text)")
            }
            let verify = try await make("endpoint:POST:/api/v1/tokens/verify")
            let introspect = try await make("endpoint:POST:/oauth2/introspect")
            #expect(try await api.verify(#"{"token":"x"}"#, as: verify).status == 200)
            #expect(try await api.verify(#"{"token":"x"}"#, as: introspect).status == 403)
            for (token, status) in [(introspect, 200), (verify, 401)] {
                let headers = ["Authorization: Bearer \(token)"]
                #expect(try await api.form("/oauth2/introspect", "token=x", headers: headers).status == status)
            }
        }
    }
}
