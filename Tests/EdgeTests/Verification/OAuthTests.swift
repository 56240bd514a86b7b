import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import StrictJSON
import Testing

@Suite("OAuth")
struct OAuthTests {
    private static func basic(_ user: String, _ password: String) -> [String] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array("\(user):\(password)".utf8)
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

    @Test("TOK-5: the metadata names the endpoints at public_url (RFC 8414)")
    func metadata() async throws {
        try await EdgeServer.run { server in
            let answer = try await server.call("GET", "/.well-known/oauth-authorization-server")
            #expect(answer.status == 200)
            #expect(answer.json["issuer"]?.stringValue == "https://claviger.example")
            #expect(
                answer.json["introspection_endpoint"]?.stringValue == "https://claviger.example/oauth2/introspect"
            )
            #expect(answer.json["revocation_endpoint"]?.stringValue == "https://claviger.example/oauth2/revoke")
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
