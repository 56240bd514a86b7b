import Testing

@Suite("Nothing works without the right credential")
struct CredentialKindTests {
    static let routes: [(method: String, path: String)] = [
        ("GET", "/api/v1/agents"), ("POST", "/api/v1/agents"), ("GET", "/api/v1/agents/ID"),
        ("PUT", "/api/v1/agents/ID"), ("PATCH", "/api/v1/agents/ID"), ("DELETE", "/api/v1/agents/ID"),
        ("GET", "/api/v1/agents/ID/events"), ("POST", "/api/v1/agents/ID/tokens/rotate"),
        ("GET", "/api/v1/agents/ID/rotation"), ("DELETE", "/api/v1/agents/ID/rotation"),
        ("POST", "/api/v1/agents/ID/tokens/end-grace"), ("POST", "/api/v1/agents/ID/tokens/revoke"),
        ("POST", "/api/v1/agents/ID/regenerate-token"), ("POST", "/api/v1/agents/ID/pause"),
        ("POST", "/api/v1/agents/ID/resume"), ("POST", "/api/v1/agents/ID/reset"),
        ("GET", "/api/v1/operator/agents"), ("POST", "/api/v1/operator/agents/ID/tokens/rotate"),
        ("GET", "/api/v1/settings"), ("PATCH", "/api/v1/settings"), ("GET", "/api/v1/audit/events"),
        ("GET", "/api/v1/me"), ("GET", "/api/v1/auth/sessions"),
    ]

    @Test("ROT-2, AGT-2: operator routes refuse no credential, an agent token, an install token and garbage")
    func operatorRoutes() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (id, daemon) = try await owner.connectedAgent(bench)
            let (_, installToken) = try await owner.createAgent("beta")
            let agentToken = try #require(daemon.storedTokens().first)
            for credential in [nil, agentToken, installToken, "clv_ss_" + String(repeating: "0", count: 38), "x"] {
                for route in Self.routes {
                    let path = route.path.replacing("ID", with: id)
                    let reply = try await API(url: server.url, token: credential).call(
                        route.method,
                        path,
                        body: route.method == "GET" ? nil : [:]
                    )
                    let kind = credential.map { String($0.prefix(6)) } ?? "nothing"
                    #expect([401, 403].contains(reply.status), "\(route.method) \(path) with \(kind): \(reply.status)")
                }
            }
            #expect(try await owner.agent(id)["status"].text == "active")
        }
    }

    @Test("AGT-5: the channel takes agent tokens only, and enrolment install tokens only")
    func channelAndEnrolment() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let (_, daemon) = try await owner.connectedAgent(bench)
            let (_, installToken) = try await owner.createAgent("beta")
            for token in [owner.token, installToken] {
                #expect([401, 403].contains(try await server.knock(with: token).status))
            }
            for token in daemon.storedTokens().union([owner.token]) {
                let attempt = try await Daemon(bench).enroll(at: server.url, with: token)
                #expect(attempt.ending != .code(0))
            }
        }
    }
}
