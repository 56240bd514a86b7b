import ControlPlane
import Domain
import Store
import Testing

@Suite("Who sees which token")
struct TokenVisibilityTests {
    @Test("ORG-1, ORG-5: members see their own tokens, managers those of the workspace, auditors all")
    func lists() async throws {
        try await TokenBench.run { bench in
            let (one, other) = (
                try await bench.member("one@example.org", .developer),
                try await bench.member("two@example.org", .viewer)
            )
            let manager = try await bench.member("boss@example.org", .manager)
            let mine = try await bench.create("mine", by: one).view.token.id
            let theirs = try await bench.create("theirs", by: other).view.token.id
            let ids = { (caller: Caller) in
                Set(try await bench.tokens.list(APITokenQuery(), caller: caller).items.map(\.token.id))
            }
            #expect(try await ids(one) == [mine])
            #expect(try await ids(other) == [theirs])
            #expect(try await ids(manager) == [mine, theirs])
            #expect(try await ids(bench.owner) == [mine, theirs])
            await expectRefusal(.notFound) { try await bench.tokens.get(theirs, caller: one) }
            await expectRefusal(.notFound) { try await bench.tokens.revoke(theirs, reason: nil, caller: one) }
            #expect(try await bench.tokens.get(theirs, caller: manager).ownerName == "two@example.org")
        }
    }

    @Test("ORG-1: a token of another organization answers like one that doesn't exist, whatever is done to it")
    func otherOrganization() async throws {
        try await TokenBench.run { bench in
            let id = try await bench.create().view.token.id
            let stranger = Caller(
                actor: Actor(kind: .user, id: "usr_stranger", name: nil),
                organizationID: bench.bench.context.ids.next(),
                workspaceID: bench.bench.context.ids.next(),
                requestID: "r",
                surface: .api,
                rights: .holder(.all)
            )
            let (tokens, free): (TokenService, CredentialID) = (bench.tokens, bench.bench.context.ids.next())
            for target in [id, free] {
                await expectRefusal(.notFound) { try await tokens.get(target, caller: stranger) }
                await expectRefusal(.notFound) { try await tokens.pause(target, reason: nil, caller: stranger) }
                await expectRefusal(.notFound) { try await tokens.resume(target, reason: nil, caller: stranger) }
                await expectRefusal(.notFound) { try await tokens.revoke(target, reason: nil, caller: stranger) }
                await expectRefusal(.notFound) { try await tokens.update(target, APITokenPatch(), caller: stranger) }
                await expectRefusal(.notFound) {
                    try await tokens.rotate(target, grace: nil, reason: nil, caller: stranger)
                }
            }
            #expect(try await tokens.list(APITokenQuery(), caller: stranger).items.isEmpty)
        }
    }

    @Test("AUD-1: what audit keeps of a token holds neither its text nor a hash")
    func audit() async throws {
        try await TokenBench.run { bench in
            let grant = try await bench.create("named", ["agents:read"], addresses: ["192.0.2.1"])
            _ = try await bench.tokens.rotate(grant.view.token.id, grace: nil, reason: nil, caller: bench.owner)
            for event in try await bench.bench.events(bench.organization) {
                let text = [event.before, event.after, event.details, event.reason].compactMap(\.self).joined()
                #expect(!text.contains(grant.token.revealed()) && !text.contains("clv_pt"))
            }
        }
    }
}
