import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Accounts and sessions")
struct AccountTests {
    @Test("ORG-3: a person signs in, is authenticated with the permissions of the moment, and signs out")
    func signInAndOut() async throws {
        try await AccessBench.run { bench in
            _ = try await bench.owner()
            let signedIn = try await bench.accounts.login(
                email: "ADA@example.org",
                password: AccessBench.password,
                caller: bench.stranger()
            )
            let caller = try await bench.caller(of: signedIn)
            #expect(caller.actor.name == AccessBench.email)
            #expect(try await bench.accounts.profile(caller: caller).organization?.name == "Default")
            #expect(try await bench.accounts.sessions(caller: caller).count == 2)
            try await bench.accounts.logout(caller: caller)
            await expectRefusal(.revokedToken) { try await bench.caller(of: signedIn) }
            let actions = try await bench.events(caller.organizationID).map(\.action)
            #expect(actions == ["session.logout", "session.login", "setup.complete"])
        }
    }

    @Test("ORG-3: wrong password, unknown account and nonsense read the same")
    func wrong() async throws {
        try await AccessBench.run { bench in
            _ = try await bench.owner()
            for (email, password) in [
                (AccessBench.email, "wrong horse battery"), ("eve@example.org", AccessBench.password), ("", ""),
                ("not an address", AccessBench.password), (AccessBench.email, ""),
            ] {
                await expectRefusal(.invalidCredentials) {
                    try await bench.accounts.login(email: email, password: password, caller: bench.stranger())
                }
            }
        }
    }

    @Test("ORG-3: a session ends after 12 hours without use and after 7 days in any case")
    func expiry() async throws {
        try await AccessBench.run { bench in
            let (first, _) = try await bench.owner()
            bench.clock.advance(by: .hours(12) - .seconds(1))
            _ = try await bench.caller(of: first)
            bench.clock.advance(by: .hours(12) - .seconds(1))
            _ = try await bench.caller(of: first)
            bench.clock.advance(by: .hours(12))
            await expectRefusal(.expiredToken) { try await bench.caller(of: first) }
            let second = try await bench.accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: bench.stranger()
            )
            for _ in 0..<16 {
                bench.clock.advance(by: .hours(10))
                _ = try await bench.caller(of: second)
            }
            bench.clock.advance(by: .hours(8))
            await expectRefusal(.expiredToken) { try await bench.caller(of: second) }
        }
    }

    @Test("ORG-3: sessions are listed and ended one by one; those of others don't exist")
    func endsSessions() async throws {
        try await AccessBench.run { bench in
            let (first, caller) = try await bench.owner()
            let second = try await bench.accounts.login(
                email: AccessBench.email,
                password: AccessBench.password,
                caller: bench.stranger()
            )
            try await bench.accounts.endSession(second.session.id, caller: caller)
            try await bench.accounts.endSession(second.session.id, caller: caller)
            await expectRefusal(.revokedToken) { try await bench.caller(of: second) }
            #expect(try await bench.accounts.sessions(caller: caller).map(\.id) == [first.session.id])
            await expectRefusal(.notFound) {
                try await bench.accounts.endSession(bench.context.ids.next(), caller: caller)
            }
            await expectRefusal(.wrongCredentialKind) { try await bench.accounts.sessions(caller: bench.stranger()) }
        }
    }

    @Test("ORG-3: changing the password ends all sessions; the old one is dead and the new one works")
    func changesPassword() async throws {
        try await AccessBench.run { bench in
            let (signedIn, caller) = try await bench.owner()
            let new = "battery staple horse"
            await expectRefusal(.invalidCredentials) {
                try await bench.accounts.changePassword(current: "wrong", new: new, caller: caller)
            }
            await expectRefusal(.invalidFields) {
                try await bench.accounts.changePassword(current: AccessBench.password, new: "short", caller: caller)
            }
            try await bench.accounts.changePassword(current: AccessBench.password, new: new, caller: caller)
            await expectRefusal(.revokedToken) { try await bench.caller(of: signedIn) }
            await expectRefusal(.invalidCredentials) {
                try await bench.accounts.login(
                    email: AccessBench.email,
                    password: AccessBench.password,
                    caller: bench.stranger()
                )
            }
            _ = try await bench.accounts.login(email: AccessBench.email, password: new, caller: bench.stranger())
        }
    }

    @Test("ORG-3: a recovery secret from the host sets a new password once; owner recover helps a disabled last owner")
    func recovers() async throws {
        try await AccessBench.run { bench in
            let (signedIn, _) = try await bench.owner()
            let user = signedIn.user
            try await bench.database.write { tx in
                var disabled = user
                disabled.state = .disabled
                _ = try UserStore.update(disabled, expectedVersion: user.version, in: tx)
            }
            await expectRefusal(.membershipInactive) { try await bench.caller(of: signedIn) }
            await expectRefusal(.permissionDenied) {
                try await bench.accounts.recoverOwner(email: nil, caller: bench.stranger())
            }
            let old = try await bench.accounts.recoverOwner(email: AccessBench.email, caller: bench.host).token
            let secret = try await bench.accounts.recoverOwner(email: nil, caller: bench.host).token
            let new = "battery staple horse"
            func reset(_ secret: Token) async throws {
                try await bench.accounts.resetPassword(
                    secret: secret.revealed(),
                    new: new,
                    caller: bench.stranger()
                )
            }
            await expectRefusal(.invalidToken) { try await reset(old) }
            try await reset(secret)
            await expectRefusal(.invalidToken) { try await reset(secret) }
            await expectRefusal(.revokedToken) { try await bench.caller(of: signedIn) }
            _ = try await bench.accounts.login(email: AccessBench.email, password: new, caller: bench.stranger())
            let late = try await bench.accounts.recoverOwner(email: AccessBench.email, caller: bench.host).token
            bench.clock.advance(by: .minutes(30))
            await expectRefusal(.expiredToken) { try await reset(late) }
        }
    }

    @Test("ORG-3: guessing at the password with a stolen session is slowed down too")
    func guessing() async throws {
        try await AccessBench.run { bench in
            let (_, caller) = try await bench.owner()
            let accounts = bench.accounts
            for _ in 0..<5 {
                await expectRefusal(.invalidCredentials) {
                    try await accounts.changePassword(current: "wrong guess!", new: "x", caller: caller)
                }
            }
            #expect(bench.waits.all == [.seconds(1), .seconds(2)])
        }
    }

    @Test("TOK-2: a flood of unknown tokens is refused before the store, the session beside it is not")
    func flood() async throws {
        try await AccessBench.run { bench in
            let (signedIn, _) = try await bench.owner()
            func unknown() async throws {
                let token = Token.make(.session, random: .system).revealed()
                _ = try await bench.authentication.authenticate(bearer: token, origin: bench.stranger())
            }
            for _ in 0..<100 { await expectRefusal(.invalidToken) { try await unknown() } }
            await expectRefusal(.tooManyAttempts) { try await unknown() }
            _ = try await bench.caller(of: signedIn)
            bench.clock.advance(by: .seconds(1))
            await expectRefusal(.invalidToken) { try await unknown() }
        }
    }

    @Test("sessions are forgotten a month behind their end, not before")
    func housekeeping() async throws {
        try await AccessBench.run { bench in
            let (signedIn, _) = try await bench.owner()
            let housekeeping = HousekeepingService(context: bench.context)
            bench.clock.advance(by: .days(37) - .seconds(1))
            await housekeeping.tidy()
            await expectRefusal(.expiredToken) { try await bench.caller(of: signedIn) }
            bench.clock.advance(by: .seconds(2))
            await housekeeping.tidy()
            await expectRefusal(.invalidToken) { try await bench.caller(of: signedIn) }
        }
    }

    @Test("ORG-4, ORG-6: a paused membership stops every session at the next request, a changed role follows at once")
    func membership() async throws {
        try await AccessBench.run { bench in
            let (signedIn, caller) = try await bench.owner()
            let organization = try #require(caller.organizationID)
            // What a server administrator has is no organization's to take.
            try await bench.database.write { tx in
                var plain = signedIn.user
                plain.isServerAdministrator = false
                _ = try UserStore.update(plain, expectedVersion: plain.version, in: tx)
            }
            func become(_ role: OrganizationRole, _ status: MembershipStatus) async throws {
                let (user, now) = (signedIn.user.id, bench.clock.now())
                try await bench.database.write { tx in
                    _ = try MembershipStore.change(
                        to: Membership(role: role, status: status),
                        user: user,
                        organization: organization,
                        now: now,
                        in: tx
                    )
                }
            }
            for status in [MembershipStatus.invited, .paused, .removed] {
                try await become(.owner, status)
                await expectRefusal(.membershipInactive) { try await bench.caller(of: signedIn) }
                await expectRefusal(.membershipInactive) {
                    try await bench.accounts.login(
                        email: AccessBench.email,
                        password: AccessBench.password,
                        caller: bench.stranger()
                    )
                }
            }
            try await become(.auditor, .active)
            let auditor = try await bench.caller(of: signedIn)
            #expect(auditor.held == OrganizationRole.auditor.permissionSet)
        }
    }

    @Test("a token of another kind, of another text or unknown is no session", arguments: TokenKind.allCases)
    func otherTokens(kind: TokenKind) async throws {
        try await AccessBench.run { bench in
            _ = try await bench.owner()
            let token = Token.make(kind, random: .system).revealed()
            let isCallers = [.session, .personal, .service].contains(kind)
            await expectRefusal(isCallers ? .invalidToken : .wrongCredentialKind) {
                try await bench.authentication.authenticate(bearer: token, origin: bench.stranger())
            }
            await expectRefusal(.invalidToken) {
                try await bench.authentication.authenticate(bearer: token + "x", origin: bench.stranger())
            }
        }
    }
}
