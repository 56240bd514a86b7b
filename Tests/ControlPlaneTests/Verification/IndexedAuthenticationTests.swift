import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

/// The API's own authentication on an index that is trusted, so that only what forgets makes a difference.
@Suite struct IndexedAuthenticationTests {
    @Test("REV-3: what this node changed counts at its next request")
    func sameNode() async throws {
        try await TokenBench.run { bench in
            bench.trust()
            let grant = try await bench.create()
            _ = try await bench.show(grant.token)
            #expect(bench.index.size.known == 1)
            _ = try await bench.tokens.pause(grant.view.token.id, reason: nil, caller: bench.owner)
            await expectRefusal(.suspendedToken) { try await bench.show(grant.token) }
            _ = try await bench.tokens.resume(grant.view.token.id, reason: nil, caller: bench.owner)
            _ = try await bench.show(grant.token)
            _ = try await bench.tokens.revoke(grant.view.token.id, reason: nil, caller: bench.owner)
            await expectRefusal(.revokedToken) { try await bench.show(grant.token) }
        }
    }

    @Test("ORG-6, REV-3: what another process changed counts as soon as the change log tells of it")
    func otherNode() async throws {
        try await TokenBench.run { bench in
            let member = try await bench.member("dev@example.org", .developer)
            let grant = try await bench.create("own", ["agents:rotate"], by: member)
            let channels = ChannelService(context: bench.bench.context, settings: { OrganizationSettings() })
            let follower = ChangeFollower(channels: channels, status: bench.index.follower)
            var position = ChangeFollower.Position()
            await follower.poll(&position)
            bench.trust()
            #expect(try await bench.show(grant.token).decide(.agentsRotate) == .allowed)
            try await bench.change(member, to: Membership(role: .viewer, status: .active))
            await follower.poll(&position)
            bench.trust()
            #expect(try await bench.show(grant.token).decide(.agentsRotate) == .beyondOwner)
            try await bench.change(member, to: Membership(role: .viewer, status: .paused))
            await follower.poll(&position)
            bench.trust()
            await expectRefusal(.invalidToken) { try await bench.show(grant.token) }
        }
    }

    @Test("design §6: without the store a known token is good while the change log was just followed, and not after")
    func storeAway() async throws {
        try await TokenBench.run { bench in
            bench.trust()
            let (known, unseen) = (try await bench.create("known"), try await bench.create("unseen"))
            _ = try await bench.show(known.token)
            await bench.bench.database.close()
            _ = try await bench.show(known.token)
            await expectRefusal(.unavailable) { try await bench.show(unseen.token) }
            bench.index.follower.succeeded(begunAt: .now - CredentialIndex.staleness)
            await expectRefusal(.unavailable) { try await bench.show(known.token) }
        }
    }

    @Test("TOK-2: a text nobody knows is looked up once, and then not for a while")
    func unknown() async throws {
        try await TokenBench.run { bench in
            bench.trust()
            let token = Token.make(.personal, random: .system)
            await expectRefusal(.invalidToken) { try await bench.show(token) }
            await bench.bench.database.close()
            await expectRefusal(.invalidToken) { try await bench.show(token) }
        }
    }

    @Test("ROT-13: the first use of a token that rotated itself ends the grace of the text before, index or not")
    func endsGrace() async throws {
        try await TokenBench.run { bench in
            bench.trust()
            let grant = try await bench.create("self", ["tokens:rotate", "tokens:own"])
            let itself = try await bench.show(grant.token)
            let receipt = try await bench.tokens.rotate(grant.view.token.id, grace: nil, reason: nil, caller: itself)
            let next = try #require(receipt.grant)
            _ = try await bench.show(grant.token)
            _ = try await bench.show(next.token)
            await expectRefusal(.rotatedOutToken) { try await bench.show(grant.token) }
        }
    }
}

extension TokenBench {
    var index: CredentialIndex { bench.context.credentials }

    /// Has the index trusted as if the change log had just been followed to its end.
    func trust() { index.follower.succeeded(begunAt: .now + .seconds(3600)) }
}
