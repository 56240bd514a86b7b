import Testing

@Suite("The audit trail")
struct AuditTests {
    @Test("AUD-1, AUD-2: each change and each refused operation is one event that says who did what")
    func eachChangeIsOneEvent() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let owner = try await server.owner()
            let before = try await owner.audit()
            let (id, _) = try await owner.createAgent("alpha")
            _ = try await owner.act(id, "tokens/revoke", ["reason": "lost laptop"]).expecting(200)
            #expect(try await owner.act(id, "pause").status == 409)

            let events = try await owner.audit().dropLast(before.count)
            #expect(events.count >= 2)
            for event in events {
                #expect(event["time"].text != nil && event["action"].text != nil && event["request_id"].text != nil)
                #expect(event["actor"]["kind"].text == "user")
                #expect(event["surface"].text == "api")
            }
            let succeeded = events.filter { $0["outcome"].text == "success" }
            #expect(succeeded.count == 2, "\(events.map { $0["action"].text ?? "" })")
            #expect(succeeded.contains { $0["reason"].text == "lost laptop" })
        }
    }

    @Test("ROT-9, AUD-1: the scheduler writes nothing for agents that are offline, however often it runs")
    func noNoise() async throws {
        try await Workbench.run { bench in
            let (server, first, id, daemon) = try await Server.startWithAgent(on: bench)
            try await daemon.kill()
            try await first.awaitConnection(id, "disconnected")
            try await first.set(["rotation_check_interval_seconds": 10])
            try await server.stop()
            try server.setClock(offset: 9 * TimeTests.day)
            try await server.start()
            let owner = try await server.signIn()
            try await Task.sleep(for: .seconds(2))
            let before = try await owner.audit().count
            let history = try await owner.events(id).count
            for round in 1...4 {
                try await server.moveClock(to: 9 * TimeTests.day + round * 3600)
                try await Task.sleep(for: .milliseconds(500))
            }
            try await Task.sleep(for: .seconds(11))
            #expect(try await owner.audit().count == before)
            #expect(try await owner.events(id).count == history)
        }
    }

    @Test("ORG-2, ORG-3: setup works once; a wrong password is refused and audited without it")
    func setupAndSignIn() async throws {
        try await Workbench.run { bench in
            let server = try await Server.start(on: bench)
            let secret = try server.setupSecret()
            let owner = try await server.owner()
            let anonymous = API(url: server.url, token: nil)
            let again = try await anonymous.post(
                "/api/v1/setup",
                ["secret": secret, "email": "b@example.org", "name": "B", "password": Operator.password]
            )
            #expect([401, 403, 404, 409, 410].contains(again.status))
            let wrong = try await anonymous.post(
                "/api/v1/auth/login",
                ["email": Operator.email, "password": "not the password at all"]
            )
            #expect(wrong.status == 401)
            #expect(wrong.code == "InvalidCredentials")
            #expect(!bench.everythingWritten.contains("not the password at all"))
            #expect(!bench.everythingWritten.contains(secret))
            _ = try await owner.api.post("/api/v1/auth/logout").status
            #expect(try await owner.api.get("/api/v1/me").status == 401)
        }
    }
}

extension Operator {
    /// The latest audit events, newest first.
    func audit() async throws -> [JSON] {
        try await api.get("/api/v1/audit/events?limit=200").expecting(200)["data"].items
    }
}
