import ControlPlane
import Domain
import SQLDatabase
import Store
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
            let organization = try bench.organization
            let seen = {
                try await bench.bench.database.read { tx in
                    try RetiredAPITokenStore.seen(by: user, organization: organization, in: tx)
                }
            }
            #expect(try await seen() == [grant.view.token.id])
            try await bench.change(manager, to: Membership(role: .manager, status: .removed))
            _ = try await bench.show(grant.token)
            _ = try await bench.tokens.rotate(grant.view.token.id, grace: .zero, reason: nil, caller: bench.owner)
            #expect(try await seen().isEmpty)
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
