import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite("Many tokens at once")
struct TokenBulkTests {
    @Test("TOK-6: a dry run tells what would happen to each, and writes nothing")
    func dryRun() async throws {
        try await TokenBench.run { bench in
            let id = try await bench.create("a").view.token.id
            let before = try await bench.tokens.get(id, caller: bench.owner)
            let events = try await bench.bench.events(bench.organization).count
            for deed in [
                TokenBulkDeed.revoke, .rotate, .rescope(set: ["keys:read"], remove: []), .tag(add: ["x"], remove: []),
            ] {
                let order = TokenBulkOrder(deed, TokenQuery(), isDryRun: true, reason: nil)
                let page = try await bench.tokens.bulk(order, caller: bench.owner)
                #expect(page.items.map(\.word) == ["changed"])
            }
            #expect(try await bench.tokens.get(id, caller: bench.owner) == before)
            #expect(try await bench.bench.events(bench.organization).count == events)
        }
    }

    @Test("TOK-6, ORG-7: each token is judged by itself: one that may not be changed stops none of the others")
    func judged() async throws {
        try await TokenBench.run { bench in
            let viewer = try await bench.member("see@example.org", .viewer)
            let developer = try await bench.member("dev@example.org", .developer)
            let narrow = try await bench.create("narrow", ["agents:read"], by: viewer)
            let wide = try await bench.create("wide", ["agents:read"], by: developer)
            let dead = try await bench.create("dead", ["agents:read"], by: developer)
            _ = try await bench.tokens.revoke(dead.view.token.id, reason: nil, caller: developer)
            let deed = TokenBulkDeed.rescope(set: ["agents:rotate"], remove: [])
            let order = TokenBulkOrder(deed, TokenQuery(), isDryRun: false, reason: "tidy")
            let lines = try await bench.tokens.bulk(order, caller: bench.owner).items
            let words = Dictionary(uniqueKeysWithValues: lines.map { ($0.view.token.profile.name, $0.word) })
            #expect(
                words == [
                    "narrow": "PermissionExceedsOwner", "wide": "changed", "dead": "IllegalTransition",
                ]
            )
            #expect(try await bench.show(narrow.token).decide(.agentsRead) == .allowed)
            #expect(try await bench.show(wide.token).decide(.agentsRotate) == .allowed)
            let denial = try #require(try await bench.denials().first)
            #expect(denial.action == "token.bulk_rescope" && denial.reason?.hasPrefix("policy violation") == true)
        }
    }

    @Test("TOK-6: scopes are taken away, but never the last; tags come and go; revoked is for ever")
    func deeds() async throws {
        try await TokenBench.run { bench in
            let one = try await bench.create("one", ["agents:read"])
            let two = try await bench.create("two", ["agents:read", "keys:read"])
            let run = { (deed: TokenBulkDeed) in
                let order = TokenBulkOrder(deed, TokenQuery(), isDryRun: false, reason: nil)
                return try await bench.tokens.bulk(order, caller: bench.owner).items.map(\.word)
            }
            #expect(try await run(.rescope(set: nil, remove: ["agents:read"])) == ["changed", "InvalidFields"])
            #expect(try await bench.show(two.token).decide(.agentsRead) == .outOfScope)
            #expect(try await run(.tag(add: ["x", "y"], remove: [])) == ["changed", "changed"])
            #expect(try await run(.tag(add: ["x"], remove: ["y"])) == ["changed", "changed"])
            #expect(try await run(.tag(add: ["x"], remove: [])) == ["unchanged", "unchanged"])
            #expect(try await run(.revoke) == ["changed", "changed"])
            #expect(try await run(.revoke) == ["unchanged", "unchanged"])
            for token in [one.token, two.token] { await expectRefusal(.revokedToken) { try await bench.show(token) } }
        }
    }

    @Test("TOK-6, TOK-8: lists of 100 entries are taken, one more is refused by its field before anything else")
    func bounds() async throws {
        try await TokenBench.run { bench in
            _ = try await bench.create("t")
            let texts = { (count: Int) in (0..<count).map { "s\($0):read" } }
            for (deed, path) in [
                (TokenBulkDeed.rescope(set: texts(101), remove: []), "/scopes"),
                (.rescope(set: nil, remove: texts(101)), "/remove_scopes"),
                (.tag(add: texts(101), remove: []), "/add_tags"), (.tag(add: [], remove: texts(101)), "/remove_tags"),
            ] {
                let order = TokenBulkOrder(deed, TokenQuery(), isDryRun: true, reason: nil)
                for caller in [bench.owner, try await bench.member("\(path.dropFirst())@example.org", .viewer)] {
                    let error = await #expect(throws: ControlPlaneError.self) {
                        try await bench.tokens.bulk(order, caller: caller)
                    }
                    #expect(error?.code == .invalidFields && error?.fields.map(\.path) == [path])
                }
            }
            for deed in [
                TokenBulkDeed.rescope(set: nil, remove: texts(100)), .tag(add: [], remove: texts(100)),
            ] {
                let order = TokenBulkOrder(deed, TokenQuery(), isDryRun: true, reason: nil)
                #expect(try await bench.tokens.bulk(order, caller: bench.owner).items.map(\.word) == ["unchanged"])
            }
        }
    }

    @Test("TOK-6, ROT-13: a bulk rotation shows nobody a text; it is demanded within 72 hours, of service tokens too")
    func rotation() async throws {
        try await TokenBench.run { bench in
            let account = try await bench.account("robot", .developer)
            let mine = try await bench.create("mine")
            let service = try await bench.create("s", for: .serviceAccount(account.id))
            let order = TokenBulkOrder(.rotate, TokenQuery(), isDryRun: false, reason: nil)
            let lines = try await bench.tokens.bulk(order, caller: bench.owner).items
            #expect(lines.map(\.word) == ["changed", "changed"])
            for grant in [mine, service] {
                let itself = try await bench.show(grant.token)
                await expectRefusal(.permissionDenied) {
                    try await bench.tokens.rotate(grant.view.token.id, grace: nil, reason: nil, caller: itself)
                }
            }
            let collected = try await bench.tokens.rotate(
                service.view.token.id,
                grace: nil,
                reason: nil,
                caller: bench.owner
            )
            bench.bench.clock.advance(by: .hours(72))
            await expectRefusal(.expiredToken) { try await bench.show(mine.token) }
            _ = try await bench.show(try #require(collected.grant).token)
        }
    }

    @Test("TOK-6, ORG-1: bulk is for who manages tokens, and finds nothing that the caller may not see or change")
    func rights() async throws {
        try await TokenBench.run { bench in
            _ = try await bench.create("mine")
            let order = TokenBulkOrder(.revoke, TokenQuery(), isDryRun: true, reason: nil)
            let developer = try await bench.member("dev@example.org", .developer)
            await expectRefusal(.permissionDenied) { try await bench.tokens.bulk(order, caller: developer) }
            #expect(try await bench.denials().first?.mode == .dryRun)
            #expect(try await bench.tokens.bulk(order, caller: bench.stranger()).items.isEmpty)
            let account = try await bench.account("robot", .developer)
            _ = try await bench.create("s", for: .serviceAccount(account.id))
            let manager = try await bench.member("boss@example.org", .manager)
            let narrow = try await bench.create("bulk", ["tokens:manage", "tokens:own"], by: manager)
            let program = try await bench.show(narrow.token)
            var query = TokenQuery()
            query.kind = .service
            let service = TokenBulkOrder(.revoke, query, isDryRun: false, reason: nil)
            let lines = try await bench.tokens.bulk(service, caller: program).items
            #expect(lines.map(\.word) == ["PermissionDenied"], "tokens of accounts have rights of their own")
            #expect(try await bench.tokens.bulk(service, caller: manager).items.map(\.word) == ["changed"])
        }
    }

    @Test("ORG-9: tokens out of policy are listed in pages and changed together; the others are left alone")
    func outOfPolicy() async throws {
        try await TokenBench.run { bench in
            for number in 1...5 {
                _ = try await bench.create("t\(number)", expiry: number.isMultiple(of: 2) ? .days(30) : .days(365))
            }
            try await bench.setPolicy(OrganizationPolicy(maximumLifetime: [.personal: .days(30)]))
            var query = TokenQuery()
            query.isOutOfPolicy = true
            query.limit = 2
            let first = try await bench.tokens.tokens(query, caller: bench.owner)
            #expect(first.items.map(\.token.profile.name) == ["t5", "t3"])
            query.after = first.nextCursor.flatMap { CredentialID($0) }
            #expect(query.after == first.items.last?.token.id)
            let second = try await bench.tokens.tokens(query, caller: bench.owner)
            #expect(second.items.map(\.token.profile.name) == ["t1"] && second.nextCursor == nil)
            query.after = nil
            query.limit = 200
            let order = TokenBulkOrder(.revoke, query, isDryRun: false, reason: nil)
            #expect(try await bench.tokens.bulk(order, caller: bench.owner).items.count == 3)
            #expect(try await bench.tokens.tokens(query, caller: bench.owner).items.isEmpty)
            var live = TokenQuery()
            live.state = .live
            #expect(try await bench.tokens.tokens(live, caller: bench.owner).items.count == 2)
        }
    }

    @Test("TOK-10: service tokens that a person saw who left are found, rotated by one action, and found no more")
    func departed() async throws {
        try await TokenBench.run { bench in
            let manager = try await bench.member("boss@example.org", .manager)
            let account = try await bench.account("robot", .developer)
            let seen = try await bench.create("seen", for: .serviceAccount(account.id), by: manager)
            _ = try await bench.create("unseen", for: .serviceAccount(account.id))
            let own = try await bench.create("own", by: manager)
            var query = TokenQuery()
            query.isSeenByDeparted = true
            #expect(try await bench.tokens.tokens(query, caller: bench.owner).items.isEmpty)
            try await bench.change(manager, to: Membership(role: .manager, status: .removed))
            await expectRefusal(.invalidToken) { try await bench.show(own.token) }
            _ = try await bench.show(seen.token)
            let found = try await bench.tokens.tokens(query, caller: bench.owner).items
            #expect(found.map(\.token.id) == [seen.view.token.id])
            let details = try await bench.tokens.details(seen.view.token.id, caller: bench.owner)
            #expect(details.viewers.map(\.hasLeft) == [true] && details.viewers.first?.email == "boss@example.org")
            let order = TokenBulkOrder(.rotate, query, isDryRun: false, reason: nil)
            #expect(try await bench.tokens.bulk(order, caller: bench.owner).items.map(\.word) == ["changed"])
            _ = try await bench.tokens.rotate(seen.view.token.id, grace: .zero, reason: nil, caller: bench.owner)
            #expect(try await bench.tokens.tokens(query, caller: bench.owner).items.isEmpty)
        }
    }

    @Test("TOK-4: details show scopes with reasons, addresses and events to whom they are for, and no hash")
    func details() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let grant = try await bench.create("t", ["agents:read", "agents:rotate"], by: member)
            let (id, now) = (grant.view.token.id, bench.bench.clock.now())
            _ = try await bench.show(grant.token, from: "192.0.2.7")
            try await bench.bench.database.write { tx in
                let insert: Statement = """
                    INSERT INTO token_address (token_id, address, first_seen_at, last_seen_at, uses)
                    VALUES (?, ?, ?, ?, ?)
                    """
                for number in 0..<101 {
                    let time = SQLValue.int((now + .seconds(number)).microseconds)
                    try tx.execute(insert, [.text(id.text), .text("192.0.2.\(number)"), time, time, .int(1)])
                }
            }
            try await bench.change(member, to: Membership(role: .viewer, status: .active))
            let manager = try await bench.member("boss@example.org", .manager)
            for (caller, isShown) in [(bench.owner, true), (member, true), (manager, false)] {
                let details = try await bench.tokens.details(id, caller: caller)
                #expect(details.addresses.count == (isShown ? 100 : 0))
                #expect(details.events.isEmpty != isShown)
                #expect((details.view.lastAddress == "192.0.2.7") == isShown)
                #expect(details.lines.map(\.isInForce) == [true, false])
                #expect(details.lines.last?.beyondOwner == PermissionSet(.agentsRotate))
            }
        }
    }
}

extension TokenBulkLine {
    /// The outcome in a word: the code of a refusal.
    fileprivate var word: String {
        switch outcome {
        case .changed: "changed"
        case .unchanged: "unchanged"
        case .refused(let error): error.code.rawValue
        }
    }
}
