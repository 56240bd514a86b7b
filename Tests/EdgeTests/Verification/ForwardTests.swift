import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import Testing

@Suite("Forward authentication")
struct ForwardTests {
    /// The test's own machine as a proxy.
    private static var behindProxy: EdgeServer.Options {
        var options = EdgeServer.Options()
        options.proxies = TrustedProxies((try? AddressRange(parsing: "127.0.0.0/8")).map { [$0] } ?? [])
        return options
    }

    @Test("TOK-5: a good token passes with its identity; every identity header is on every answer, empty if absent")
    func identity() async throws {
        try await VerifiedAPI.run { api in
            let grant = try await api.token("one")
            let good = try await api.forward(grant.token.revealed())
            #expect(good.status == 200)
            #expect(good["x-claviger-token"] == grant.view.token.id.text)
            #expect(good["x-claviger-identity"] == api.owner.actor.id)
            #expect(good["x-claviger-identity-kind"] == "user")
            #expect(good["x-claviger-scopes"] == "agents:read")
            #expect(good["cache-control"] == "no-store")
            try await api.revoke(grant)
            let answers = [
                try await api.forward(grant.token.revealed()), try await api.forward(nil),
                try await api.forward("garbage"), try await api.forward("x", headers: ["X-Claviger-Identity: usr_me"]),
                try await api.forward(grant.token.revealed(), id: ProtectedAPIID.sample.text),
                try await api.forward(grant.token.revealed(), id: "api_x"),
                try await api.server.call("POST", "/auth/forward/\(api.api.id.text)", token: grant.token.revealed()),
            ]
            for answer in answers {
                #expect(answer.status != 200)
                for name in HeaderName.identityHeaders { #expect(answer[name.lowercased()] == "", "\(name)") }
                #expect(answer["x-claviger-status"] == "\(answer.status)")
            }
            #expect(answers[0]["x-claviger-code"] == "RevokedToken")
            #expect(answers[4]["x-claviger-code"] == "InvalidToken")
        }
    }

    @Test(
        "LIM-2, TOK-5: a limit answers 429 with Retry-After, and 403 with the true status in a header where nginx asks"
    )
    func limits() async throws {
        try await VerifiedAPI.run { api in
            try await api.setPlan(#"{"per_hour":1}"#)
            let token = try await api.token("one").token.revealed()
            #expect(try await api.forward(token).status == 200)
            let refused = try await api.forward(token)
            #expect(refused.status == 429)
            #expect(refused["retry-after"].flatMap { Int($0) } ?? 0 > 0)
            #expect(refused["ratelimit-policy"] == #""hour";q=1;w=3600"#)
            #expect(refused["x-ratelimit-remaining"] == "0")
            let hidden = try await api.forward(token, query: "?deny=403")
            #expect(hidden.status == 403)
            #expect(hidden["x-claviger-status"] == "429")
            #expect(hidden["retry-after"] != nil)
            #expect(try await api.forward(nil, query: "?deny=403").status == 401)
        }
    }

    @Test(
        "TOK-5, OPS-3: X-Forwarded-For counts from a configured proxy alone; without a trustworthy address a list refuses"
    )
    func addresses() async throws {
        let headers = ["X-Forwarded-For: 192.0.2.7"]
        try await VerifiedAPI.run { api in
            let token = try await api.token("one", addresses: ["192.0.2.0/24", "127.0.0.0/8"]).token.revealed()
            let spoofed = try await api.forward(token, headers: headers)
            #expect(spoofed["x-claviger-code"] == "AddressNotAllowed", "the peer is a proxy that nobody configured")
            #expect(try await api.forward(token)["x-claviger-code"] == "AddressNotAllowed")
        }
        try await VerifiedAPI.run(Self.behindProxy) { api in
            let token = try await api.token("one", addresses: ["192.0.2.0/24"]).token.revealed()
            #expect(try await api.forward(token, headers: headers).status == 200)
            let cases = [
                "X-Forwarded-For: 192.0.2.7, 198.51.100.1", "X-Forwarded-For: 192.0.2.7, garbage",
                "X-Forwarded-For: 192.0.2.7, garbage, 127.0.0.1", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: ,",
                "X-Real-IP: 192.0.2.7", "Forwarded: for=192.0.2.7", "X-Forwarded-For: ::ffff:198.51.100.1",
            ]
            for header in cases {
                let answer = try await api.forward(token, headers: [header])
                #expect(answer["x-claviger-code"] == "AddressNotAllowed", "\(header)")
            }
            #expect(try await api.forward(token, headers: ["X-Forwarded-For: ::ffff:192.0.2.7"]).status == 200)
            #expect(try await api.forward(token, headers: ["X-Forwarded-For: 9.9.9.9, 192.0.2.7"]).status == 200)
        }
    }

    @Test("Authorization with odd spacing, several headers, another scheme: each is refused and none passes")
    func oddCredentials() async throws {
        try await VerifiedAPI.run { api in
            let token = try await api.token("one").token.revealed()
            let lines = [
                ["Authorization: \(token)"], ["Authorization: Basic \(token)"], ["Authorization: Bearer\(token)"],
                ["Authorization: Bearer"], ["Authorization: Bearer \(token) x"], ["Authorization: Bearer \(token),x"],
                ["Authorization: Bearer \(token)", "Authorization: Bearer \(token)"],
                ["Authorization: Bearer \(token)x"],
            ]
            for headers in lines {
                #expect(try await api.forward(nil, headers: headers).status == 401, "\(headers)")
            }
            #expect(try await api.forward(nil, headers: ["authorization: bearer   \(token)"]).status == 200)
            #expect(try await api.forward(token, headers: ["Host: other.example"]).status == 421)
        }
    }
}

extension ProtectedAPIID {
    /// One that nobody has.
    static var sample: ProtectedAPIID { ProtectedAPIID(value: TypeIDValue(high: 0x7000, low: 1 << 63 | 7)) }
}
