import ClavigerClient
import ClavigerWire
import NIOHTTP1
import StrictJSON
import Testing

@Suite struct ClientTests {
    /// Runs the body with a client for the server and closes it whatever happens.
    private func withClient(
        _ server: CannedServer,
        token: String? = "clv_ss_test",
        maximumResponseBytes: Int = 1 << 20,
        _ body: (ClavigerClient) async throws -> Void
    ) async throws {
        let client = try ClavigerClient(
            configuration: .init(
                baseURL: server.url,
                token: token,
                timeoutSeconds: 5,
                maximumResponseBytes: maximumResponseBytes,
                surface: "cli"
            )
        )
        do {
            try await body(client)
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    @Test("CLI-1: a call carries credential, surface, idempotency key and body")
    func sendsEverything() async throws {
        let answer =
            #"{"rotation_id":"rot_1","agent_notified":false,"state":"requested","grace_period_seconds":300,"new":1}"#
        try await CannedServer.answering(.accepted, answer) { server in
            try await withClient(server) { client in
                let request = RotateTokenRequest(mode: .graceful, waitSeconds: 0)
                let receipt = try await client.rotateAgentToken("agt_1/../x", request, idempotencyKey: "k-1")
                #expect(receipt.state == .requested && !receipt.agentNotified)
            }
            let seen = try #require(await server.first())
            #expect(seen.head.method == .POST)
            #expect(seen.head.uri == "/api/v1/agents/agt_1%2F..%2Fx/tokens/rotate")
            #expect(seen.head.headers["authorization"] == ["Bearer clv_ss_test"])
            #expect(seen.head.headers["idempotency-key"] == ["k-1"])
            #expect(seen.head.headers["x-claviger-surface"] == ["cli"])
            #expect(seen.head.headers["content-type"] == ["application/json"])
            #expect(seen.body == #"{"mode":"graceful","wait_seconds":0}"#)
        }
    }

    @Test("CLI-1, TOK-5: verification, introspection and revocation send the token in the body, as JSON or as a form")
    func verification() async throws {
        let valid =
            #"{"valid":true,"token_id":"crd_1","kind":"agent","workspace_id":null,"scopes":[],"limits":[],"more":1}"#
        try await CannedServer.answering(.ok, valid) { server in
            try await withClient(server) { client in
                let answer = try await client.verify(VerifyTokenRequest(token: "clv_pt_x", scopes: ["a:b"], cost: 0))
                #expect(answer.valid && answer.tokenID == "crd_1" && answer.workspaceID == nil)
            }
            let seen = try #require(await server.first())
            #expect(seen.head.uri == "/api/v1/tokens/verify")
            #expect(seen.body == #"{"token":"clv_pt_x","scopes":["a:b"],"cost":0}"#)
        }
        try await CannedServer.answering(.ok, #"{"active":true,"client_id":"usr_1","exp":7}"#) { server in
            try await withClient(server) { client in
                let answer = try await client.introspect("a&b=+", clientAddress: "::1")
                #expect(answer.active && answer.clientID == "usr_1" && answer.exp == 7)
            }
            let seen = try #require(await server.first())
            #expect(seen.head.uri == "/oauth2/introspect")
            #expect(seen.head.headers["content-type"] == ["application/x-www-form-urlencoded"])
            #expect(seen.body == "token=a%26b%3D%2B&client_address=%3A%3A1")
        }
        try await CannedServer.answering(.ok, "") { server in
            try await withClient(server) { try await $0.revoke(text: "clv_pt_x") }
            let seen = try #require(await server.first())
            #expect(seen.head.uri == "/oauth2/revoke" && seen.body == "token=clv_pt_x")
        }
    }

    @Test("AGT-1: filters become an escaped query")
    func sendsFilters() async throws {
        try await CannedServer.answering(.ok, #"{"data":[],"next_cursor":null}"#) { server in
            try await withClient(server, token: nil) { client in
                let page = try await client.listAgents(AgentFilter(status: .active, text: "a&b=ü"), limit: 5)
                #expect(page.data.isEmpty && page.nextCursor == nil)
            }
            let seen = try #require(await server.first())
            #expect(seen.head.uri == "/api/v1/agents?status=active&q=a%26b%3D%C3%BC&limit=5")
            #expect(seen.head.headers["authorization"].isEmpty)
        }
    }

    @Test("AUD-1: the server's own events are asked for by their scope")
    func sendsScope() async throws {
        try await CannedServer.answering(.ok, #"{"data":[],"next_cursor":null}"#) { server in
            try await withClient(server) { client in
                _ = try await client.auditEvents(AuditFilter(outcome: "denied", scope: .server), limit: 1)
            }
            let seen = try #require(await server.first())
            #expect(seen.head.uri == "/api/v1/audit/events?outcome=denied&scope=server&limit=1")
        }
    }

    @Test("AUD-2: regenerate-token and end-grace carry the reason")
    func sendsReasons() async throws {
        let grace = #"{"ended":true,"previous_valid_until":null}"#
        try await CannedServer.answering(.ok, grace) { server in
            try await withClient(server) { _ = try await $0.endGrace(ofAgent: "agt_1", reason: "lost laptop") }
            #expect(await server.first()?.body == #"{"reason":"lost laptop"}"#)
        }
        try await CannedServer.answering(.notFound, "{}") { server in
            try await withClient(server) { client in
                _ = try? await client.regenerateInstallToken("agt_1", reason: "lost laptop")
            }
            #expect(await server.first()?.body == #"{"reason":"lost laptop"}"#)
        }
    }

    @Test("ROT-5: problem details reach the caller with their members")
    func readsProblems() async throws {
        let answer = #"{"type":"t","title":"x","status":409,"code":"RotationInProgress","rotation_id":"rot_9"}"#
        try await CannedServer.answering(.conflict, answer) { server in
            try await withClient(server) { client in
                let error = try await #require(throws: ClavigerClientError.self) {
                    try await client.rotateAgentToken("agt_1")
                }
                #expect(error.code == .refused)
                #expect(error.problem?.code == .rotationInProgress)
                #expect(error.problem?.details["rotation_id"] == "rot_9")
            }
        }
    }

    @Test(
        "Answers that are no answer are told apart",
        arguments: [
            (HTTPResponseStatus.badGateway, "<html>bad gateway</html>", ClavigerClientError.Code.invalidResponse),
            (.ok, "<html>", .invalidResponse), (.ok, #"{"data":1}"#, .invalidResponse),
            (.found, "", .invalidResponse), (.ok, String(repeating: " ", count: 3_000) + "{}", .responseTooLarge),
        ]
    )
    func refusesAnswers(status: HTTPResponseStatus, answer: String, code: ClavigerClientError.Code) async throws {
        try await CannedServer.answering(status, answer, headers: ["location": "http://127.0.0.1:1/"]) { server in
            try await withClient(server, maximumResponseBytes: 1_024) { client in
                let error = try await #require(throws: ClavigerClientError.self) { try await client.settings() }
                #expect(error.code == code, "\(error)")
                #expect(!error.description.contains("clv_ss"))
            }
        }
    }

    @Test(
        "OPS-3: plain http is refused except to loopback",
        arguments: [
            ("http://claviger.example", false), ("http://10.0.0.1:8787", false), ("http://localhost.example", false),
            ("http://127.0.0.1.example", false), ("http://127.1", false), ("http://[::2]", false),
            ("http://0.0.0.0", false),
            ("http://127.0.0.1:8787", true), ("http://LOCALHOST:1/", true), ("http://[::1]:8787", true),
            ("http://127.9.9.9", true), ("https://claviger.example", true), ("https://10.0.0.1:8443/", true),
        ]
    )
    func refusesPlainHTTP(url: String, isAllowed: Bool) async throws {
        do {
            try await ClavigerClient(configuration: .init(baseURL: url)).shutdown()
            #expect(isAllowed)
        } catch {
            #expect(!isAllowed && error == error as ClavigerClientError && error.code == .plainHTTPRefused)
        }
        try await ClavigerClient(configuration: .init(baseURL: url, allowsPlainHTTP: true)).shutdown()
    }

    @Test(
        "A server URL that is more or less than an origin is refused",
        arguments: [
            "", "claviger.example", "ftp://x", "https://", "https:///", "https://user@x", "https://x/path",
            "https://x?q",
            "https://x#f", "https://x:0", "https://x:65536", "https://x:", "https://x:8o", "https://[::1", "https://[]",
            "https://x y", "https://x\u{0}", "https://ü", "https://x\\@y", "https://:80",
        ]
    )
    func refusesURLs(url: String) {
        let error = #expect(throws: ClavigerClientError.self) {
            try ClavigerClient(configuration: .init(baseURL: url, allowsPlainHTTP: true))
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("A configuration prints without its token")
    func printsWithoutToken() {
        let configuration = ClavigerClient.Configuration(baseURL: "https://x", token: "clv_ss_secret")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(![dumped, "\(configuration)", String(reflecting: configuration)].contains { $0.contains("secret") })
    }

    @Test("A server that is away is a connection failure")
    func reportsAbsence() async throws {
        let client = try ClavigerClient(configuration: .init(baseURL: "http://127.0.0.1:1", timeoutSeconds: 2))
        let error = await #expect(throws: ClavigerClientError.self) { try await client.me() }
        #expect([.connectionFailed, .timedOut].contains(error?.code))
        try await client.shutdown()
    }
}
