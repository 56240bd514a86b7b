import ControlPlane
import Domain
import SQLDatabase
import Store
import StrictJSON
import Testing

@Suite("Rotation of personal and service tokens")
struct TokenRotationTests {
    @Test("ROT-13: id and profile stay, the new text is shown, the old personal one dies at once")
    func personal() async throws {
        try await TokenBench.run { bench in
            let first = try await bench.create()
            let id = first.view.token.id
            let receipt = try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner)
            let second = try #require(receipt.grant)
            #expect(second.view.token.id == id && second.view.token.profile == first.view.token.profile)
            #expect(second.view.token.generation == 2)
            await expectRefusal(.rotatedOutToken) { try await bench.show(first.token) }
            _ = try await bench.show(second.token)
        }
    }

    @Test(
        "ROT-13: a service token's old text works for 24 hours, or the grace that was chosen",
        arguments: [nil, 0, 604_800]
    )
    func service(_ seconds: Int?) async throws {
        try await TokenBench.run { bench in
            let account = try await bench.account("robot", .developer)
            let first = try await bench.create(for: .serviceAccount(account.id))
            let id = first.view.token.id
            let grace = seconds.map { Duration.seconds($0) }
            let rotated = try await bench.tokens.rotate(id, grace: grace, reason: nil, caller: bench.owner)
            let second = try #require(rotated.grant)
            let end = grace ?? .hours(24)
            if end > .zero {
                bench.bench.clock.advance(by: end - .microseconds(1))
                _ = try await bench.show(first.token)
                _ = try await bench.show(second.token)
                bench.bench.clock.advance(by: .microseconds(1))
            }
            await expectRefusal(.rotatedOutToken) { try await bench.show(first.token) }
            _ = try await bench.show(second.token)
        }
    }

    @Test("ROT-13: a grace above seven days, or below an hour for itself, is refused with the range")
    func graces() async throws {
        try await TokenBench.run { bench in
            let account = try await bench.account("robot", .manager)
            let grant = try await bench.create("s", ["agents:read"], for: .serviceAccount(account.id))
            let (id, itself) = (grant.view.token.id, try await bench.show(grant.token))
            for (caller, seconds) in [(bench.owner, 604_801), (itself, 3_599), (itself, 0)] {
                await expectRefusal(.invalidFields) {
                    try await bench.tokens.rotate(id, grace: .seconds(seconds), reason: nil, caller: caller)
                }
            }
        }
    }

    @Test("ROT-13: a token that rotates itself is not cut off: the first use of the new text ends the old one")
    func itself() async throws {
        try await TokenBench.run { bench in
            let first = try await bench.create("ci", ["agents:read"])
            let caller = try await bench.show(first.token)
            let receipt = try await bench.tokens.rotate(first.view.token.id, grace: nil, reason: nil, caller: caller)
            let second = try #require(receipt.grant)
            _ = try await bench.show(first.token)
            _ = try await bench.show(second.token)
            await expectRefusal(.rotatedOutToken) { try await bench.show(first.token) }
            _ = try await bench.show(second.token)
        }
    }

    @Test("ROT-13: an administrator sees no text of another person's token; the owner collects it within 72 hours")
    func byAdministrator() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let first = try await bench.create(by: member)
            let id = first.view.token.id
            let receipt = try await bench.tokens.rotate(id, grace: nil, reason: "leaked", caller: bench.owner)
            let deadline = bench.bench.clock.now() + .hours(72)
            guard case .required(_, let by) = receipt else {
                Issue.record("the administrator got a text")
                return
            }
            #expect(by == deadline)
            bench.bench.clock.advance(by: .hours(71))
            _ = try await bench.show(first.token)
            let collected = try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: member)
            let second = try #require(collected.grant)
            #expect(second.view.token.rotationRequiredBy == nil)
            _ = try await bench.show(second.token)

            _ = try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner)
            bench.bench.clock.advance(by: .hours(72))
            await expectRefusal(.expiredToken) { try await bench.show(second.token) }
        }
    }

    @Test("TOK-10: who was shown a service token's text is known until it is rotated")
    func shown() async throws {
        try await TokenBench.run { bench in
            let manager = try await bench.member("boss@example.org", .manager)
            let account = try await bench.account("robot", .developer)
            let grant = try await bench.create("s", for: .serviceAccount(account.id), by: manager)
            let user = try #require(manager.actor.id.flatMap { UserID($0) })
            let id = grant.view.token.id
            let seen = {
                try await bench.bench.database.read { try TokenHistoryStore.viewers(of: id, in: $0).map(\.user) }
            }
            #expect(try await seen() == [user])
            try await bench.change(manager, to: Membership(role: .manager, status: .removed))
            _ = try await bench.show(grant.token)
            _ = try await bench.tokens.rotate(id, grace: .zero, reason: nil, caller: bench.owner)
            #expect(try await !seen().contains(user))
        }
    }

    @Test(
        "TOK-10: whoever saw a program's text counts as having seen what it makes of it: its next, and tokens it mints"
    )
    func shownOn() async throws {
        try await TokenBench.run { bench in
            let manager = try await bench.member("boss@example.org", .manager)
            let user = try #require(manager.actor.id.flatMap { UserID($0) })
            let account = try await bench.account("robot", .manager)
            let owner = TokenOwnerChoice.serviceAccount(account.id)
            let scopes = ["agents:read", "service_accounts:manage", "tokens:own"]
            let grant = try await bench.create("s", scopes, for: owner, by: manager)
            let id = grant.view.token.id
            let first = try await bench.show(grant.token)
            let second = try #require(
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: first).grant
            )
            let program = try await bench.show(second.token)
            let third = try #require(
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: program).grant
            )
            let minted = try await bench.create("minted", for: owner, by: try await bench.show(third.token))
            let other = try await bench.create("other", for: owner)
            for (token, viewers) in [(id, [user]), (minted.view.token.id, [user])] {
                let seen = try await bench.bench.database.read { try TokenHistoryStore.viewers(of: token, in: $0) }
                #expect(seen.map(\.user) == viewers)
            }
            try await bench.change(manager, to: Membership(role: .manager, status: .removed))
            var query = TokenQuery()
            query.isSeenByDeparted = true
            let found = try await bench.tokens.tokens(query, caller: bench.owner).items.map(\.token.id)
            #expect(Set(found) == [id, minted.view.token.id] && !found.contains(other.view.token.id))
        }
    }

    @Test("ROT-13, TOK-3: who may rotate accounts' tokens is not shown one with a scope for administrators only")
    func adminOnly() async throws {
        try await TokenBench.run { bench in
            let scopes = RegisteredScopeService(context: bench.bench.context, routes: RouteActions())
            let ledger = RegisteredScope(name: "ledger:close", description: "", isAdminOnly: true)
            _ = try await scopes.create(ledger, caller: bench.owner)
            let account = try await bench.account("robot", .developer)
            let owner = TokenOwnerChoice.serviceAccount(account.id)
            let grant = try await bench.create("s", ["agents:read", "ledger:close"], for: owner)
            let id = grant.view.token.id
            let manager = try await bench.member("boss@example.org", .manager)
            await expectRefusal(.permissionExceedsOwner) {
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: manager)
            }
            let denial = try #require(try await bench.denials().first)
            #expect(denial.action == "token.rotate" && denial.reason?.hasPrefix("policy violation") == true)
            #expect(denial.reason?.contains("ledger:close") == true && denial.target?.id == id.text)
            #expect(try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: bench.owner).grant != nil)
        }
    }

    @Test("AUD-1, AUD-2: creation, demand and rotation are told apart, with owner, ends and generations")
    func audited() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let grant = try await bench.create(by: member)
            let id = grant.view.token.id
            _ = try await bench.tokens.rotate(id, grace: nil, reason: "leaked", caller: bench.owner)
            let itself = try await bench.show(grant.token)
            await expectRefusal(.permissionDenied) {
                try await bench.tokens.rotate(id, grace: nil, reason: nil, caller: itself)
            }
            _ = try await bench.tokens.rotate(id, grace: .hours(1), reason: nil, caller: member)
            let events = try await bench.bench.events(bench.organization).filter { $0.target?.id == id.text }
            #expect(
                events.map { "\($0.action) \($0.outcome.rawValue)" } == [
                    "token.rotate success", "token.rotate denied", "token.require_rotation success",
                    "token.create success",
                ]
            )
            let end = try #require(grant.view.token.current.expiresAt).rfc3339
            let created = try JSONValue(parsing: events.last?.after ?? "")
            #expect(created["owner"]?.stringValue == member.actor.id && created["expires_at"]?.stringValue == end)
            let demanded = try JSONValue(parsing: events[2].after ?? "")
            #expect(demanded["generation"]?.integerValue == 1 && demanded["rotation_required_by"]?.stringValue != nil)
            let rotated = try JSONValue(parsing: events[0].after ?? "")
            #expect(rotated["generation"]?.integerValue == 2 && rotated["rotation_required_by"] == .null)
            #expect(rotated["previous_valid_until"]?.stringValue != nil)
        }
    }

    @Test("ROT-11: a retired text is known for 90 days past its end, or past its retirement if it had none")
    func forgotten() async throws {
        try await TokenBench.run { bench in
            let housekeeping = HousekeepingService(context: bench.bench.context)
            let grants = [
                try await bench.create("endless", expiry: .none), try await bench.create("month", expiry: .days(30)),
            ]
            for grant in grants {
                let id = grant.view.token.id
                _ = try await bench.tokens.rotate(id, grace: .zero, reason: nil, caller: bench.owner)
            }
            let known = {
                await housekeeping.tidy()
                return try await bench.bench.database.read { tx in
                    try grants.map { grant in
                        let hash = bench.bench.context.hasher.hash(grant.token).hash
                        return try RetiredAPITokenStore.find(hash, in: tx) != nil
                    }
                }
            }
            bench.bench.clock.advance(by: .days(90))
            #expect(try await known() == [true, true])
            bench.bench.clock.advance(by: .seconds(1))
            #expect(try await known() == [false, true])
            bench.bench.clock.advance(by: .days(30))
            #expect(try await known() == [false, false])
        }
    }

    @Test("ROT-11, AUD-1: uses of a retired text are counted once a minute, and refused every time")
    func retiredUses() async throws {
        try await TokenBench.run { bench in
            let first = try await bench.create()
            _ = try await bench.tokens.rotate(first.view.token.id, grace: nil, reason: nil, caller: bench.owner)
            for minute in 1...2 {
                for _ in 1...5 { await expectRefusal(.rotatedOutToken) { try await bench.show(first.token) } }
                let counted = try await bench.bench.database.read { tx in
                    try tx.first("SELECT use_count FROM retired_api_token") { try $0.int(0) }
                }
                #expect(counted == Int64(minute))
                bench.bench.clock.advance(by: .minutes(1))
            }
        }
    }
}
