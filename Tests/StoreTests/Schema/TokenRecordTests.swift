import Domain
import SQLDatabase
import Store
import Testing

@Suite("Personal and service tokens, and the APIs they are for, are stored as they are")
struct TokenRecordTests {
    @Test(
        "TOK-1, ROT-13: a token passes through the store whole, and is found by either of its texts",
        arguments: Engine.all
    )
    func whole(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let user = sample.user("one@example.org")
            let scopes = [Scope(.agentsRead), try Scope(parsing: "invoices:read"), try Scope(parsing: "agents:*")]
            var token = sample.token("deploy", of: .user(user.id), seed: 1, scopes: scopes)
            token.profile.tags = ["ci", "eu"]
            token.profile.addresses = [try AddressRange(parsing: "192.0.2.0/24")]
            token.profile.serves = "Payroll"
            let first = token
            var rotated = token
            rotated.previous = APIToken.Previous(
                stamp: token.current.stamp,
                generation: 1,
                validUntil: sample.start + .hours(24),
                expiresAt: token.current.expiresAt,
                endsAtFirstUse: true
            )
            rotated.current = APIToken.Current(stamp: sample.stamp(2), issuedAt: sample.start, expiresAt: nil)
            rotated.generation = 2
            rotated.rotationRequiredBy = sample.start + .hours(72)
            rotated.profile.tags = []
            rotated.version = 2
            let second = rotated
            try await database.write { (tx: borrowing Transaction) throws in
                _ = try UserStore.insert(user, in: tx)
                #expect(try APITokenStore.insert(first, now: sample.start, in: tx))
                #expect(try APITokenStore.get(first.id, in: tx) == first)
                let found = try APITokenStore.find(sample.hash(1).hash, in: tx)
                #expect(found?.token == first && found?.text == .current)
                let now = sample.start
                #expect(try APITokenStore.update(second, expectedVersion: 1, now: now, in: tx))
                #expect(try APITokenStore.update(second, expectedVersion: 1, now: now, in: tx) == false)
                let current = try APITokenStore.find(sample.hash(2).hash, in: tx)
                #expect(current?.token == second && current?.text == .current)
                #expect(try APITokenStore.find(sample.hash(1).hash, in: tx)?.text == .previous)
                #expect(try APITokenStore.find(sample.hash(3).hash, in: tx) == nil)
            }
        }
    }

    @Test("TOK-1: a name is taken once per owner until its token is revoked", arguments: Engine.all)
    func names(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let (user, account) = (sample.user("one@example.org"), sample.account("robot"))
            let owners: [APIToken.Owner] = [.user(user.id), .serviceAccount(account.id)]
            try await database.write { (tx: borrowing Transaction) throws in
                _ = try UserStore.insert(user, in: tx)
                _ = try ServiceAccountStore.insert(account, in: tx)
                for (place, owner) in owners.enumerated() {
                    let seed = UInt64(place * 10)
                    let token = sample.token("deploy", of: owner, seed: seed + 1, scopes: [Scope(.agentsRead)])
                    let twin = sample.token("deploy", of: owner, seed: seed + 2, scopes: [Scope(.agentsRead)])
                    #expect(try APITokenStore.insert(token, now: sample.start, in: tx))
                    #expect(try APITokenStore.insert(twin, now: sample.start, in: tx) == false)
                    let isTaken = { (tx: borrowing Transaction, id: CredentialID?) in
                        try APITokenStore.isNameTaken(
                            "deploy",
                            owner: owner,
                            organization: sample.organization,
                            except: id,
                            in: tx
                        )
                    }
                    #expect(try isTaken(tx, nil))
                    #expect(try isTaken(tx, token.id) == false)
                    let count = try APITokenStore.count(of: owner, organization: sample.organization, in: tx)
                    #expect(count == 1)
                    var revoked = token
                    revoked.state = .revoked
                    revoked.revokedAt = sample.start
                    revoked.version = 2
                    #expect(try APITokenStore.update(revoked, expectedVersion: 1, now: sample.start, in: tx))
                    #expect(try isTaken(tx, nil) == false)
                    #expect(try APITokenStore.insert(twin, now: sample.start, in: tx))
                }
            }
        }
    }

    @Test("TOK-6: tokens are listed newest first, page by page, by each filter", arguments: Engine.all)
    func lists(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let (user, account) = (sample.user("one@example.org"), sample.account("robot"))
            let tokens = (0..<10).map { number in
                let owner: APIToken.Owner = number % 2 == 0 ? .user(user.id) : .serviceAccount(account.id)
                var token = sample.token("t-\(number)", of: owner, seed: UInt64(number), scopes: [Scope(.agentsRead)])
                token.profile.tags = number < 4 ? ["early", "x"] : ["x"]
                if number == 7 { token.profile.serves = "100%_ÄRGER" }
                if number == 9 { token.state = .paused }
                if number == 2 { token.current.expiresAt = nil }
                return token
            }
            try await database.write { (tx: borrowing Transaction) throws in
                _ = try UserStore.insert(user, in: tx)
                _ = try ServiceAccountStore.insert(account, in: tx)
                for token in tokens { #expect(try APITokenStore.insert(token, now: sample.start, in: tx)) }
            }
            let numbers = { @Sendable (change: @Sendable (inout APITokenQuery) -> Void) async throws -> [String] in
                var query = APITokenQuery()
                change(&query)
                let asked = query
                let page = try await database.read { tx in
                    try APITokenStore.list(organization: sample.organization, query: asked, in: tx)
                }
                return page.elements.map { String($0.profile.name.dropFirst(2)) }
            }
            #expect(try await numbers { _ in } == (0..<10).reversed().map(String.init))
            #expect(try await numbers { $0.limit = 2 } == ["9", "8"])
            let (last, end) = (tokens[8].id, sample.start + .days(31))
            #expect(try await numbers { ($0.after, $0.limit) = (last, 1) } == ["7"])
            #expect(try await numbers { $0.tag = "early" } == ["3", "2", "1", "0"])
            #expect(try await numbers { $0.kind = .personal }.count == 5)
            #expect(try await numbers { $0.owner = .serviceAccount(account.id) }.count == 5)
            #expect(try await numbers { $0.states = [.paused] } == ["9"])
            #expect(try await numbers { $0.states = [] }.isEmpty)
            #expect(try await numbers { $0.text = "%_ärger" } == ["7"])
            #expect(try await numbers { $0.expiresBefore = end }.count == 9)
            let elsewhere: WorkspaceID = sample.ids.next()
            #expect(try await numbers { $0.workspace = elsewhere }.isEmpty)
        }
    }

    @Test("ROT-11, ROT-13, TOK-10: retired texts are remembered and counted, and who saw which", arguments: Engine.all)
    func retired(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let (user, account) = (sample.user("one@example.org"), sample.account("robot"))
            let token = sample.token("t", of: .serviceAccount(account.id), seed: 1, scopes: [Scope(.agentsRead)])
            let later = sample.start + .days(100)
            try await database.write { (tx: borrowing Transaction) throws in
                _ = try UserStore.insert(user, in: tx)
                _ = try ServiceAccountStore.insert(account, in: tx)
                _ = try APITokenStore.insert(token, now: sample.start, in: tx)
                let now = sample.start
                for (seed, end) in [(8, nil), (9, later)] as [(UInt64, Instant?)] {
                    let dead = RetiredToken(
                        credentialID: token.id,
                        stamp: sample.stamp(seed),
                        generation: 1,
                        reason: .replaced,
                        retiredAt: now,
                        expiresAt: end
                    )
                    try RetiredAPITokenStore.insert(dead, in: tx)
                }
                let hash = sample.hash(8).hash
                #expect(try RetiredAPITokenStore.find(hash, in: tx)?.token == token.id)
                try RetiredAPITokenStore.noteUse(of: hash, now: now, in: tx)
                try RetiredAPITokenStore.noteUse(of: hash, now: later, in: tx)
                let uses = try tx.first(
                    "SELECT use_count, first_used_at, last_used_at FROM retired_api_token WHERE hash = ?",
                    [.bytes(hash.bytes)]
                ) { [try $0.int(0), try $0.int(1), try $0.int(2)] }
                #expect(uses == [2, now.microseconds, later.microseconds])
                try RetiredAPITokenStore.forget(before: later, in: tx)
                #expect(try RetiredAPITokenStore.find(hash, in: tx) == nil)
                #expect(try RetiredAPITokenStore.find(sample.hash(9).hash, in: tx) != nil)

                let seen = { (tx: borrowing Transaction) in
                    try TokenHistoryStore.viewers(of: token.id, in: tx).map(\.user)
                }
                for generation in [Int64(7), 1, 1] {
                    try RetiredAPITokenStore.noteShown(
                        token.id,
                        generation: generation,
                        to: user.id,
                        now: now,
                        in: tx
                    )
                    #expect(try seen(tx) == (generation == 7 ? [] : [user.id]))
                }
            }
        }
    }

    @Test("TOK-3, TOK-5: protected APIs and registered scopes are kept per organization", arguments: Engine.all)
    func interfaces(engine: Engine) async throws {
        try await engine.withStore { database, sample in
            let api = ProtectedAPI(
                id: sample.ids.next(),
                organizationID: sample.organization,
                name: "Invoices",
                audience: "Payroll",
                requiredScopes: [try Scope(parsing: "invoices:read")],
                acceptedKinds: [.service, .agent]
            )
            let scope = RegisteredScope(name: "invoices:read", description: "Ünïcode", isSensitive: true)
            let stricter = RegisteredScope(name: "invoices:read", description: "x", isAdminOnly: true)
            try await database.write { (tx: borrowing Transaction) throws in
                let now = sample.start
                #expect(try ProtectedAPIStore.insert(api, now: now, in: tx))
                let twin = ProtectedAPI(id: sample.ids.next(), organizationID: sample.organization, name: "Invoices")
                #expect(try ProtectedAPIStore.insert(twin, now: now, in: tx) == false)
                #expect(try ProtectedAPIStore.get(api.id, in: tx) == api)
                var open = api
                (open.audience, open.requiredScopes) = (nil, [])
                #expect(try ProtectedAPIStore.update(open, now: now, in: tx))
                #expect(try ProtectedAPIStore.list(of: sample.organization, in: tx) == [open])
                #expect(try ProtectedAPIStore.delete(api.id, now: now, in: tx))
                #expect(try ProtectedAPIStore.delete(api.id, now: now, in: tx) == false)
                #expect(try ProtectedAPIStore.update(open, now: now, in: tx) == false)
                #expect(try ProtectedAPIStore.get(api.id, in: tx) == nil)
                #expect(try ProtectedAPIStore.insert(twin, now: now, in: tx), "its name is free again")

                let organization = sample.organization
                for one in [scope, stricter] {
                    try RegisteredScopeStore.put(one, organization: organization, now: now, in: tx)
                    #expect(try RegisteredScopeStore.list(of: organization, in: tx) == [one])
                }
                #expect(try RegisteredScopeStore.delete(scope.name, organization: organization, in: tx))
                #expect(try RegisteredScopeStore.delete(scope.name, organization: organization, in: tx) == false)
            }
        }
    }
}
