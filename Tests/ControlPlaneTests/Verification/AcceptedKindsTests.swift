import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

/// Agents' tokens and sessions at protected APIs that accept them.
@Suite struct AcceptedKindsTests {
    /// A service of verification, and an API that accepts agents, in a room.
    private struct Desk {
        let room: ControlRoom
        let service: VerificationService
        let api: ProtectedAPI

        init(_ room: ControlRoom, scopes: [Scope] = []) async throws {
            self.room = room
            let context = room.context
            let denials = DenialRecorder(context: context)
            service = VerificationService(
                context: context,
                authentication: AuthenticationService(context: context, denials: denials),
                denials: denials,
                limits: LimitService(context: context),
                usage: UsageRecorder(context: context),
                routes: RouteActions()
            )
            let api = ProtectedAPI(
                id: context.ids.next(),
                organizationID: room.organization,
                name: "machines-\(UInt32.random(in: 0 ... .max))",
                requiredScopes: scopes,
                acceptedKinds: [.agent]
            )
            self.api = api
            let now = room.clock.now()
            try await room.database.write { _ = try ProtectedAPIStore.insert(api, now: now, in: $0) }
        }

        func ask(_ token: Token) async throws -> VerificationAnswer? {
            try await service.verify(token.revealed(), at: api.id, from: nil, asker: IPAddress("192.0.2.1"))
        }

        /// What a proxy is told: of a text that nobody knows nothing but that it isn't valid.
        func code(_ token: Token) async throws -> String { try await ask(token)?.outcome ?? "InvalidToken" }
    }

    @Test("TOK-5, ROT-2: an agent's token is good where agents are accepted, once it was used on the channel")
    func agent() async throws {
        try await ControlRoom.with { room in
            let desk = try await Desk(room)
            let agent = try await room.enrolledAgent()
            #expect(try await desk.code(agent.token) == "InvalidToken", "it never opened its channel")
            try await agent.connect()
            guard case .valid(let valid) = try await desk.ask(agent.token) else {
                Issue.record("the agent's token was refused")
                return
            }
            #expect(valid.token.actor.kind == .agent && valid.token.actor.id == agent.id.text)
            #expect(valid.token.workspaceID == room.workspace && valid.limits == nil)
            let open = VerificationQuestion(
                text: agent.token.revealed(),
                organizationID: room.organization,
                endpoint: "test"
            )
            #expect(
                try await desk.service.verify(open).outcome == "InvalidToken",
                "no API says that agents are accepted"
            )
            let strict = try await Desk(room, scopes: [Scope(.agentsRead)])
            #expect(try await strict.code(agent.token) == "InsufficientScope", "an agent's token carries no scopes")
        }
    }

    @Test("TOK-5, ROT-2, ROT-3, ROT-11: pending, previous and retired texts of an agent each answer as they should")
    func texts() async throws {
        try await ControlRoom.with { room in
            let desk = try await Desk(room)
            let agent = try await room.connectedAgent()
            let first = agent.token
            try await agent.requestRotation()
            let pending = try agent.received().newToken
            #expect(try await desk.code(pending) == "InvalidToken", "a pending token is good for nothing else")
            try await agent.answerStored()
            try await agent.prove()
            #expect(try await desk.code(pending) == "ok")
            guard case .valid(let valid) = try await desk.ask(first) else {
                Issue.record("the previous text works until its grace ends")
                return
            }
            #expect(valid.isPrevious)
            room.clock.advance(.minutes(6))
            for _ in 1...3 { #expect(try await desk.code(first) == "RotatedOutToken") }
            #expect(try await room.events(agent.id).filter { $0 == .retiredTokenUsed }.count == 1)
            try await agent.rotate()
            room.clock.advance(.minutes(6))
            #expect(try await desk.code(first) == "RotatedOutToken")
            #expect(try await room.events(agent.id).filter { $0 == .retiredTokenUsed }.count == 1)
            #expect(try await desk.code(agent.token) == "ok", "the live generation is left alone")
        }
    }

    @Test("TOK-5, REV-1, REV-2: a paused agent's token is suspended, a revoked one's dead, at the next request")
    func states() async throws {
        try await ControlRoom.with { room in
            let desk = try await Desk(room)
            let agent = try await room.connectedAgent()
            room.context.credentials.follower.succeeded(begunAt: .now + .seconds(3600))
            #expect(try await desk.code(agent.token) == "ok")
            _ = try await room.agents.pause(agent.id, reason: nil, caller: room.owner)
            #expect(try await desk.code(agent.token) == "SuspendedToken")
            _ = try await room.agents.resume(agent.id, reason: nil, caller: room.owner)
            #expect(try await desk.code(agent.token) == "ok")
            _ = try await room.agents.revoke(agent.id, reason: nil, caller: room.owner)
            #expect(try await desk.code(agent.token) == "RevokedToken")
        }
    }

    @Test("TOK-5: a session is good where sessions are accepted, with what its person may do there, until it ends")
    func session() async throws {
        try await VerificationBench.run { bench in
            let access = bench.tokens.bench
            let signedIn = try await access.accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: access.stranger()
            )
            let text = signedIn.token.revealed()
            let plain = try await bench.api()
            #expect(try await bench.ask(text, at: plain).outcome == "InvalidToken")
            #expect(try await bench.ask(text).outcome == "InvalidToken")
            let api = try await bench.api(scopes: [Scope(.agentsRead)], kinds: [.session])
            guard case .valid(let valid) = try await bench.ask(text, at: api) else {
                Issue.record("the session was refused")
                return
            }
            #expect(valid.token.actor.id == bench.tokens.owner.actor.id)
            let scopes = valid.token.texts(routes: RouteActions()).scopes
            #expect(scopes.contains("agents:read") && !scopes.contains { $0.hasPrefix("server:") })
            let forwarded = try await bench.service.verify(text, at: api.id, from: nil, asker: IPAddress("192.0.2.1"))
            #expect(forwarded?.isValid == true)
            let foreign = try await bench.api(kinds: [.session], organization: try await bench.stranger())
            #expect(try await bench.ask(text, at: foreign).outcome == "InvalidToken", "nobody there")
            // It is asked for at home right after it was asked for elsewhere.
            #expect(try await bench.ask(text, at: api).isValid)
            let caller = try await access.caller(of: signedIn)
            try await access.accounts.logout(caller: caller)
            #expect(try await bench.ask(text, at: api).outcome == "RevokedToken")
        }
    }

    @Test(
        "ORG-3, ORG-11: at a protected API a session goes by its organization's settings, and isn't kept alive past them"
    )
    func sessionSettings() async throws {
        try await VerificationBench.run { bench in
            let access = bench.tokens.bench
            let signedIn = try await access.accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: access.stranger()
            )
            let (text, api) = (signedIn.token.revealed(), try await bench.api(kinds: [.session]))
            let (organization, now) = (try bench.tokens.organization, access.clock.now())
            try await access.context.write { tx in
                try OrganizationSettingStore.set(
                    "session_idle_hours",
                    to: "1",
                    of: organization,
                    by: nil,
                    now: now,
                    in: tx
                )
            }
            #expect(try await bench.ask(text, at: api).isValid)
            access.clock.advance(by: .hours(3))
            #expect(try await bench.ask(text, at: api).outcome == "ExpiredToken")
            let used = try await bench.database.read { try SessionStore.get(signedIn.session.id, in: $0)?.lastUsedAt }
            #expect(used == now)
        }
    }

    @Test("TOK-5, ORG-3: the use of a session at a protected API keeps it alive, and idleness ends it")
    func idle() async throws {
        try await VerificationBench.run { bench in
            let access = bench.tokens.bench
            let signedIn = try await access.accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: access.stranger()
            )
            let text = signedIn.token.revealed()
            let api = try await bench.api(kinds: [.session])
            for _ in 1...3 {
                access.clock.advance(by: .hours(11))
                #expect(try await bench.ask(text, at: api).isValid)
            }
            access.clock.advance(by: .hours(12))
            #expect(try await bench.ask(text, at: api).outcome == "ExpiredToken")
        }
    }

    @Test("TOK-5, ORG-5: a session's scopes follow its person's role at once")
    func roles() async throws {
        try await VerificationBench.run { bench in
            let member = try await bench.tokens.member("dev@example.org", .developer)
            let session = try await bench.session(of: member)
            let api = try await bench.api(scopes: [Scope(.agentsRotate)], kinds: [.session])
            #expect(try await bench.ask(session, at: api).isValid)
            try await bench.tokens.change(member, to: Membership(role: .viewer, status: .active))
            #expect(try await bench.ask(session, at: api).outcome == "InsufficientScope")
        }
    }
}

extension VerificationBench {
    /// The text of a session of a person, put into the store.
    fileprivate func session(of person: Caller) async throws -> String {
        let context = tokens.bench.context
        let user = try #require(person.actor.id.flatMap { UserID($0) })
        let (token, now) = (Token.make(.session, random: .system), tokens.bench.clock.now())
        let session = Session(
            id: context.ids.next(),
            userID: user,
            stamp: TokenStamp(hash: context.hasher.hash(token), prefix: token.prefix),
            surface: .api,
            address: nil,
            userAgent: nil,
            createdAt: now,
            expiresAt: now + .days(7),
            lastUsedAt: now
        )
        try await database.write { try SessionStore.insert(session, in: $0) }
        return token.revealed()
    }
}
