import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import StrictJSON
import Testing

@Suite("OAuth")
struct OAuthTests {
    private static func basic(_ user: String, _ password: String, joint: String = ":") -> [String] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array("\(user)\(joint)\(password)".utf8)
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[number >> (18 - 6 * place) & 63] : "=")
            }
        }
        return ["Authorization: Basic \(text)"]
    }

    @Test(
        "TOK-5: introspection tells a live token (RFC 7662), and of every other that it isn't active and nothing else"
    )
    func introspect() async throws {
        try await VerifiedAPI.run { api in
            let grant = try await api.token("one")
            let text = grant.token.revealed()
            let good = try await api.form("/oauth2/introspect", "token=\(text)&token_type_hint=access_token&other=1")
            #expect(good.status == 200, "\(good.text)")
            #expect(good.json["active"]?.boolValue == true)
            #expect(good.json["scope"]?.stringValue == "agents:read")
            #expect(good.json["jti"]?.stringValue == grant.view.token.id.text)
            #expect(good.json["exp"]?.integerValue != nil)
            let byClient = Self.basic(api.verifierID.text, api.verifier.revealed())
            let same = try await api.form("/oauth2/introspect", "token=\(text)", headers: byClient)
            #expect(same.json["active"]?.boolValue == true)
            try await api.revoke(grant)
            for token in [text, "garbage", "clv_pt_x", Token.make(.personal, random: .system).revealed()] {
                let answer = try await api.form("/oauth2/introspect", "token=\(token)")
                #expect(answer.text == #"{"active":false}"#, "\(answer.text)")
            }
        }
    }

    @Test(
        "TOK-5: a form with repeated fields, without a token, or of another type is refused",
        arguments: [
            ("token=a&token=b", 400), ("", 400), ("token=", 400), ("token_type_hint=x", 400), ("token=%zz", 400),
            ("token=a&token_type_hint=b&token_type_hint=c", 400), ("token=%ff", 400), ("token=a&api=x", 400),
            ("token=a&client_address=x", 400), ((0..<100).map { "a\($0)=1" }.joined(separator: "&"), 400),
        ]
    )
    func badForms(body: String, status: Int) async throws {
        try await VerifiedAPI.run { api in
            #expect(try await api.form("/oauth2/introspect", body).status == status)
            let json = try await api.server.call(
                "POST",
                "/oauth2/introspect",
                token: api.verifier.revealed(),
                body: #"{"token":"x"}"#
            )
            #expect(json.status == 415)
        }
    }

    @Test("TOK-5: revocation ends the token that is shown, answers 200 for every other, and needs tokens:verify")
    func revoke() async throws {
        try await VerifiedAPI.run { api in
            let (one, poor) = (try await api.token("one"), try await api.token("poor"))
            let text = one.token.revealed()
            let refused = try await api.form(
                "/oauth2/revoke",
                "token=\(text)",
                headers: ["Authorization: Bearer \(poor.token.revealed())"]
            )
            #expect(refused.status == 403)
            #expect(try await api.form("/oauth2/revoke", "token=\(text)", headers: []).status == 401)
            let wrongUser = Self.basic("crd_other", api.verifier.revealed())
            #expect(try await api.form("/oauth2/revoke", "token=\(text)", headers: wrongUser).status == 401)
            #expect(try await api.forward(text).status == 200)
            #expect(try await api.form("/oauth2/revoke", "token=garbage").status == 200)
            let byClient = Self.basic(api.verifierID.text, api.verifier.revealed())
            #expect(try await api.form("/oauth2/revoke", "token=\(text)", headers: byClient).status == 200)
            #expect(try await api.forward(text)["x-claviger-code"] == "RevokedToken")
            #expect(try await api.form("/oauth2/revoke", "token=\(text)").status == 200)
        }
    }

    @Test("TOK-5: the metadata names the endpoints at public_url, registered methods, and nothing empty (RFC 8414)")
    func metadata() async throws {
        try await EdgeServer.run { server in
            let answer = try await server.call("GET", "/.well-known/oauth-authorization-server")
            #expect(answer.status == 200)
            let url = "https://claviger.example"
            #expect(
                answer.json == [
                    "issuer": .string(url),
                    "introspection_endpoint": .string(url + "/oauth2/introspect"),
                    "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "Bearer"],
                    "revocation_endpoint": .string(url + "/oauth2/revoke"),
                    "revocation_endpoint_auth_methods_supported": ["client_secret_basic"],
                ],
                "\(answer.text)"
            )
        }
    }

    @Test(
        "TOK-5: a client that can't be told gets invalid_client and a challenge of the scheme it used (RFC 6749, 5.2)",
        arguments: ["/oauth2/introspect", "/oauth2/revoke"]
    )
    func badClients(path: String) async throws {
        try await VerifiedAPI.run { api in
            let dead = try await api.token("dead", ["tokens:verify"])
            try await api.revoke(dead)
            let (deadID, deadText) = (dead.view.token.id.text, dead.token.revealed())
            let secret = api.verifier.revealed()
            let basic = [
                Self.basic(api.verifierID.text, "garbage"), Self.basic("crd_other", secret),
                Self.basic(deadID, deadText),
                ["Authorization: Basic"], ["Authorization: Basic ==="], ["Authorization: Basic YQ"],
                ["Authorization: Basic Y!Q="], ["Authorization: Basic YWI6Y2Q=="],
                Self.basic("no colon", "", joint: ""),
                Self.basic("%zz", secret), Self.basic(api.verifierID.text, "%zz"), Self.basic("a=b", "c&d"),
                Self.basic("%ff", secret),
            ]
            for headers in basic {
                let answer = try await api.form(path, "token=x", headers: headers)
                #expect(answer.status == 401, "\(headers)")
                #expect(answer.json["error"]?.stringValue == "invalid_client", "\(headers): \(answer.text)")
                let scheme = headers[0].hasSuffix("Basic") ? "Bearer" : "Basic"
                #expect(answer["www-authenticate"]?.hasPrefix(scheme) == true, "\(headers)")
            }
            let good = Self.basic(api.verifierID.text, secret)
            let bearer = [
                [], good + good, good + ["Authorization: Bearer \(secret)"], ["Authorization: Bearer x"],
                ["Authorization: Bearer \(deadText)"], ["Authorization: Digest x"],
            ]
            for headers in bearer {
                let answer = try await api.form(path, "token=x", headers: headers)
                #expect(answer.status == 401, "\(headers)")
                #expect(answer.json["error"]?.stringValue == "invalid_client", "\(headers): \(answer.text)")
                #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true, "\(headers)")
            }
        }
    }

    @Test("TOK-5: a client without tokens:verify is told so: at introspection with 401 (RFC 7662, section 2.3)")
    func withoutPrivilege() async throws {
        try await VerifiedAPI.run { api in
            let poor = try await api.token("poor")
            let (id, text) = (poor.view.token.id.text, poor.token.revealed())
            for (path, status) in [("/oauth2/introspect", 401), ("/oauth2/revoke", 403)] {
                let bearer = try await api.form(path, "token=\(text)", headers: ["Authorization: Bearer \(text)"])
                #expect(bearer.status == status)
                #expect(bearer.json["error"]?.stringValue == "insufficient_scope", "\(bearer.text)")
                let challenge = #"Bearer realm="claviger", error="insufficient_scope", scope="tokens:verify""#
                #expect(bearer["www-authenticate"] == challenge)
                let basic = try await api.form(path, "token=\(text)", headers: Self.basic(id, text))
                #expect(basic.status == status)
                #expect(basic.json["error"]?.stringValue == "unauthorized_client", "\(basic.text)")
            }
            #expect(try await api.forward(text).status == 200, "nothing was revoked")
        }
    }

    @Test("TOK-5: revocation ends service tokens and sessions of the organization too, and those alone that are shown")
    func otherKinds() async throws {
        try await VerifiedAPI.run { api in
            let server = api.server
            let (session, kept) = (try await server.login(), try await server.login())
            let account = try await server.call(
                "POST",
                "/api/v1/service-accounts",
                token: kept,
                body: #"{"name":"robot","role":"developer"}"#
            )
            let path = "/api/v1/service-accounts/\(account.json["id"]?.stringValue ?? "")/tokens"
            let made = try await server.call(
                "POST",
                path,
                token: kept,
                body: #"{"name":"t","scopes":["agents:read"],"expires_in_days":7}"#
            )
            let service = try #require(made.json["secret"]?.stringValue, "\(made.text)")
            let (_, bob) = try await server.organization("Other", owner: "bob@example.org", by: kept)
            for text in [service, session] {
                #expect(try await server.call("GET", "/api/v1/agents", token: text).status == 200)
                #expect(try await api.form("/oauth2/revoke", "token=\(text)").status == 200)
                #expect(try await server.call("GET", "/api/v1/agents", token: text).code == "RevokedToken")
            }
            #expect(try await api.form("/oauth2/revoke", "token=\(bob.token)").status == 200)
            for text in [kept, bob.token] {
                #expect(try await server.call("GET", "/api/v1/me", token: text).status == 200)
            }
            let ended = try await server.events("session.end", by: kept)
            #expect(ended.contains { $0["reason"]?.stringValue == "shown at /oauth2/revoke" })
        }
    }

    @Test("A form is read as it was meant, or not at all")
    func forms() {
        #expect(FormBody(Array("a=b+c%21&d".utf8))?["a"] == "b c!")
        #expect(FormBody(Array("a=1&a=2".utf8))?["a"] == nil)
        #expect(FormBody(Array("a=1&a=2".utf8))?.repeats(["a"]) == true)
        for text in ["=1", "a=%", "a=%4", "a=%4g", "%ff=1"] { #expect(FormBody(Array(text.utf8)) == nil, "\(text)") }
    }
}
