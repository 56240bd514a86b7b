import ControlPlane
import Domain
import Store
import Testing

@Suite("Setting a server up")
struct SetupTests {
    @Test("ORG-2: the first start makes organization, workspace and secret once, and setup makes the first owner")
    func firstOwner() async throws {
        try await AccessBench.run { bench in
            let secret = try #require(try await bench.setup.firstStart(caller: bench.host))
            #expect(secret.token.kind == .setup)
            #expect(secret.expiresAt == bench.clock.now() + .minutes(30))
            #expect(try await bench.setup.firstStart(caller: bench.host) == nil)
            let signedIn = try await bench.setup.complete(
                secret: secret.token.revealed(),
                email: "Ada@Example.org",
                name: "Ada",
                password: AccessBench.password,
                caller: bench.stranger()
            )
            #expect(signedIn.user.email.text == "ada@example.org")
            #expect(signedIn.user.isServerAdministrator)
            let caller = try await bench.caller(of: signedIn)
            #expect(caller.held == .all)
            let events = try await bench.events(caller.organizationID)
            #expect(events.map(\.action) == ["setup.complete"])
            #expect(events.first?.mode == .setup)
            #expect(try await bench.events(nil).map(\.action) == ["server.first_start"])
        }
    }

    @Test("ORG-2: a setup secret is good once, and nothing is set up twice")
    func once() async throws {
        try await AccessBench.run { bench in
            let secret = try #require(try await bench.setup.firstStart(caller: bench.host)).token.revealed()
            @Sendable func complete(_ email: String) async throws -> SignedIn {
                try await bench.setup.complete(
                    secret: secret,
                    email: email,
                    name: "A",
                    password: AccessBench.password,
                    caller: bench.stranger()
                )
            }
            let results = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 { group.addTask { (try? await complete("a\(number)@example.org")) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(results == 1)
            await expectRefusal(.setupDone) { try await complete("b@example.org") }
            await expectRefusal(.setupDone) { try await bench.setup.newLink(caller: bench.host) }
            #expect(try await !bench.setup.isOpen())
        }
    }

    @Test("ORG-2: an expired, replaced, mistyped or foreign secret sets nothing up")
    func wrongSecrets() async throws {
        try await AccessBench.run { bench in
            let first = try #require(try await bench.setup.firstStart(caller: bench.host)).token
            let second = try await bench.setup.newLink(caller: bench.host).token
            func complete(_ secret: String) async throws {
                _ = try await bench.setup.complete(
                    secret: secret,
                    email: AccessBench.email,
                    name: "A",
                    password: AccessBench.password,
                    caller: bench.stranger()
                )
            }
            await expectRefusal(.invalidToken) { try await complete(first.revealed()) }
            await expectRefusal(.invalidToken) { try await complete("clv_su_none") }
            await expectRefusal(.invalidToken) { try await complete(Token.make(.setup, random: .system).revealed()) }
            let agent = Token.make(.agent, random: .system).revealed()
            await expectRefusal(.wrongCredentialKind) { try await complete(agent) }
            bench.clock.advance(by: .minutes(30))
            await expectRefusal(.expiredToken) { try await complete(second.revealed()) }
            let third = try await bench.setup.newLink(caller: bench.host).token
            bench.clock.advance(by: .minutes(29))
            try await complete(third.revealed())
        }
    }

    @Test("ORG-2: a new link needs the host, and bad fields are told without using the secret up")
    func fields() async throws {
        try await AccessBench.run { bench in
            let secret = try #require(try await bench.setup.firstStart(caller: bench.host)).token.revealed()
            await expectRefusal(.permissionDenied) { try await bench.setup.newLink(caller: bench.stranger()) }
            let error = await #expect(throws: ControlPlaneError.self) {
                try await bench.setup.complete(
                    secret: secret,
                    email: "nobody",
                    name: "",
                    password: "short",
                    caller: bench.stranger()
                )
            }
            #expect(error?.code == .invalidFields)
            #expect(error?.fields.map(\.path) == ["/email", "/name", "/password"])
            _ = try await bench.setup.complete(
                secret: secret,
                email: AccessBench.email,
                name: "A",
                password: AccessBench.password,
                caller: bench.stranger()
            )
        }
    }
}
