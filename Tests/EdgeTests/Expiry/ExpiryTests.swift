import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("What has expired")
struct ExpiryTests {
    @Test("ROT-3, ROT-10, AGT-2, ORG-3: it is refused at every door, though nothing has swept it away")
    func unswept() async throws {
        // This server runs neither scheduler nor housekeeping: only the check at use can refuse anything.
        try await EdgeServer.run { server in
            let owner = try await server.owner()
            let (_, installToken) = try await server.createAgent("alpha", owner: owner)
            let enrolled = try await server.enrolledAgent("beta", owner: owner)
            let (channel, _) = try await TestChannel.open(server, enrolled)
            async let rotated = server.call("POST", "/api/v1/agents/\(enrolled.id)/tokens/rotate", token: owner)
            let previous = enrolled.token
            var machine = enrolled
            machine.token = try await channel.takeToken()
            #expect(try await rotated.status == 200)
            let stored = try await server.credentials(of: machine.id)
            #expect(try await server.door(previous) == 101)

            server.clock.advance(.minutes(31))
            #expect(try await server.credentials(of: machine.id) == stored)
            #expect(try await server.enrolmentCode(with: installToken) == "ExpiredToken")
            #expect(try await server.refusal(previous) == "RotatedOutToken")

            server.clock.advance(.days(7))
            #expect(try await server.call("GET", "/api/v1/me", token: owner).code == "ExpiredToken")
            #expect(try await TestChannel.open(server, machine).result["mode"]?.stringValue == "renew-only")

            server.clock.advance(.days(31))
            #expect(try await server.refusal(machine.token) == "ExpiredToken")
            let live = try await server.credentials(of: machine.id).filter { $0.kind == .agent }
            #expect(live.map(\.state) == [.live])
        }
    }

    @Test("ORG-2: a setup secret past its half hour is refused, though nothing has swept it away")
    func setup() async throws {
        try await EdgeServer.run { server in
            server.clock.advance(.minutes(31))
            let body = """
                {"secret":"\(server.setupSecret)","email":"\(EdgeServer.email)","name":"Ada",\
                "password":"\(EdgeServer.password)"}
                """
            let answer = try await server.call("POST", "/api/v1/setup", body: body)
            #expect(answer.status == 401 && answer.code == "ExpiredToken", "\(answer.text)")
        }
    }
}

extension EdgeServer {
    /// What the database holds of an agent's credentials.
    fileprivate func credentials(of agent: String) async throws -> [Credential] {
        let id = try #require(AgentID(agent))
        return try await database.read { tx in try CredentialStore.list(of: id, in: tx) }
    }

    /// The status of an upgrade with a token.
    fileprivate func door(_ token: String) async throws -> Int {
        try await exchange(Array(TestChannel.head(token).utf8)).status
    }

    /// The code with which an upgrade is refused.
    fileprivate func refusal(_ token: String) async throws -> String? {
        try await exchange(Array(TestChannel.head(token).utf8)).code
    }

    fileprivate func enrolmentCode(with installToken: String) async throws -> String? {
        let body = """
            {"enrolment_id":"enrolment-0123456789","public_key":"\(String(repeating: "A", count: 43))"}
            """
        return try await call("POST", "/api/v1/agents/enroll", token: installToken, body: body).code
    }
}
