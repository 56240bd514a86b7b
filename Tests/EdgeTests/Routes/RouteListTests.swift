import HTTPKernel
import HTTPTypes
import StrictJSON
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A list kept as a file in `Tests/Golden`; `CLAVIGER_WRITE_GOLDEN=1` writes it anew.
struct GoldenList {
    let name: String

    func check(_ lines: [String], sourceFile: String = #filePath) throws {
        let folder = sourceFile.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(folder)/Golden/\(name)"
        let text = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["CLAVIGER_WRITE_GOLDEN"] == "1" {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOfFile: path, encoding: .utf8)
        #expect(kept == text, "\(name) has changed; read the difference, then CLAVIGER_WRITE_GOLDEN=1 writes it")
    }
}

@Suite("Routes")
struct RouteListTests {
    @Test("CLI-1, OPS-4: every route stands in the golden list, one canonical template each")
    func list() async throws {
        try await EdgeServer.run { server in
            let lines = server.routes.map { route in
                let more = route.aliases.isEmpty ? "" : "  also \(route.aliases.joined(separator: ", "))"
                return "\(route.method.rawValue) \(route.template)  \(route.access.name)\(more)"
            }
            #expect(Set(lines).count == lines.count)
            try GoldenList(name: "routes.txt").check(lines.sorted())
        }
    }

    @Test(
        "ORG-6, ROT-2: no route that needs a session answers without one, with another kind of token, or an ended one"
    )
    func credentials() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (id, installToken) = try await server.createAgent("beta", owner: owner)
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let ended = try await server.login()
            #expect(try await server.call("POST", "/api/v1/auth/logout", token: ended).status == 204)
            let credentials: [(name: String, token: String?)] = [
                ("none", nil), ("agent", machine.token), ("install", installToken), ("ended", ended), ("garbage", "x"),
            ]
            var lines: [String] = []
            for route in server.routes where route.access.isForCallers {
                for template in [route.template] + route.aliases {
                    let path = template.replacing("{id}", with: id)
                    var results: [String] = []
                    for credential in credentials {
                        let answer = try await server.call(route.method.rawValue, path, token: credential.token)
                        #expect(answer.status == 401, "\(route.method) \(path) with \(credential.name): \(answer.text)")
                        #expect(answer["www-authenticate"]?.hasPrefix("Bearer") == true)
                        results.append("\(credential.name) \(answer.code ?? "-")")
                    }
                    lines.append("\(route.method.rawValue) \(template)  \(results.joined(separator: ", "))")
                }
            }
            try GoldenList(name: "routes-without-session.txt").check(lines.sorted())
        }
    }

    @Test("ORG-3: an expired session is refused on every route")
    func expired() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            server.clock.advance(.seconds(12 * 3600 + 1))
            for route in server.routes where route.access.isForCallers {
                let answer = try await server.call(route.method.rawValue, route.template, token: owner)
                let isOAuth = route.template.hasPrefix("/oauth2/")
                let code = isOAuth ? answer.json["error"]?.stringValue : answer.code
                #expect(code == (isOAuth ? "invalid_client" : "ExpiredToken"), "\(route.method) \(route.template)")
                #expect(answer.status == 401)
            }
        }
    }

    @Test("AGT-5: enrolment takes an install token and nothing else")
    func enrolmentCredentials() async throws {
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let machine = try await server.enrolledAgent("alpha", owner: owner)
            let body = """
                {"enrolment_id":"enrolment-0123456789","public_key":"\(String(repeating: "A", count: 43))"}
                """
            for token in [nil, owner, machine.token, "x"] {
                let answer = try await server.call("POST", "/api/v1/agents/enroll", token: token, body: body)
                #expect(answer.status == 401, "\(answer.text)")
            }
        }
    }

    @Test("OPS-3: an unknown address answers 404 and a wrong method 405 with Allow, both as problems")
    func unknownRoutes() async throws {
        try await EdgeServer.run { server in
            for path in [
                "/", "/api", "/api/v1/", "/api/v1/agents/", "/api/v1//agents", "/api/v2/agents", "/%00", "/nowhere?x=1",
            ] {
                let answer = try await server.call("GET", path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.code == "NotFound")
            }
            let answer = try await server.call("PUT", "/api/v1/agents")
            #expect(answer.status == 405)
            #expect(answer["allow"] == "GET, HEAD, POST")
            #expect(try await server.call("POST", "/readyz").status == 405)
        }
    }
}

extension Route.Access {
    /// Whether the kernel lets nobody in but who was authenticated.
    var isForCallers: Bool {
        switch self {
        case .open, .bearer: false
        case .signedIn, .authenticated: true
        case .inFront(let action): action != nil
        }
    }
}
