import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

/// What strangers can have looked up at the doors of proxies.
@Suite struct ForwardLookupTests {
    private static func randomID(_ bench: VerificationBench) -> ProtectedAPIID { bench.tokens.bench.context.ids.next() }

    @Test("TOK-2: a text that nobody knows has no API looked for, whatever id it names, and costs a look-up at most")
    func tokenFirst() async throws {
        try await VerificationBench.run { bench in
            let (service, index) = (bench.service, bench.tokens.index)
            let text = Token.make(.personal, random: .system).revealed()
            for _ in 0..<20 {
                let answer = try await service.verify(
                    text,
                    at: Self.randomID(bench),
                    from: nil,
                    asker: IPAddress("192.0.2.1")
                )
                #expect(answer?.outcome == nil)
            }
            for kind in [TokenKind.install, .setup, .invitation, .recovery] {
                let other = Token.make(kind, random: .system).revealed()
                let answer = try await service.verify(
                    other,
                    at: Self.randomID(bench),
                    from: nil,
                    asker: IPAddress("192.0.2.1")
                )
                #expect(answer?.outcome == nil)
            }
            #expect(index.apiSize.known == 0 && index.apiSize.unknown == 0)
            // The store is away: what nobody knows needs it no more.
            await bench.database.close()
            let answer = try await service.verify(
                text,
                at: Self.randomID(bench),
                from: nil,
                asker: IPAddress("192.0.2.1")
            )
            #expect(answer?.outcome == nil)
        }
    }

    @Test("TOK-2: made-up texts with right checksums at made-up APIs are looked up 100 times a second from an address")
    func flood() async throws {
        try await VerificationBench.run { bench in
            var refused = 0
            for _ in 0..<150 {
                let text = Token.make(.service, random: .system).revealed()
                do throws(ControlPlaneError) {
                    _ = try await bench.service.verify(
                        text,
                        at: Self.randomID(bench),
                        from: nil,
                        asker: IPAddress("192.0.2.1")
                    )
                } catch {
                    #expect(error.code == .tooManyAttempts)
                    refused += 1
                }
            }
            #expect(refused == 50)
            #expect(bench.tokens.index.apiSize.unknown == 0)
        }
    }

    @Test("TOK-2, TOK-5: the holder of a good token can't wash known APIs away with made-up ids")
    func washing() async throws {
        try await VerificationBench.run { bench in
            let text = try await bench.tokens.create().token.revealed()
            let api = try await bench.api()
            let good = try await bench.service.verify(text, at: api.id, from: nil, asker: IPAddress("192.0.2.1"))
            #expect(good?.isValid == true)
            var refused = 0
            for _ in 0..<5000 {
                do throws(ControlPlaneError) {
                    let id = Self.randomID(bench)
                    let answer = try await bench.service.verify(text, at: id, from: nil, asker: IPAddress("192.0.2.1"))
                    #expect(answer?.outcome == nil)
                } catch {
                    #expect(error.code == .tooManyAttempts)
                    refused += 1
                }
            }
            #expect(refused == 4900, "100 look-ups a second of what isn't there")
            #expect(bench.tokens.index.apiSize.known == 1)
            #expect(bench.tokens.index.apiSize.unknown <= 2 * ProtectedAPIShelf.maximumUnknown)
            await bench.database.close()
            let again = try await bench.service.verify(text, at: api.id, from: nil, asker: IPAddress("192.0.2.1"))
            #expect(again?.isValid == true, "it is known without the store")
        }
    }

    @Test("ORG-1, TOK-5: another organization's API costs who names it what a free id costs, known to the node or not")
    func foreign() async throws {
        try await VerificationBench.run { bench in
            let asker = IPAddress("192.0.2.1")
            let theirs = try await bench.api(organization: bench.stranger()).id
            func outcome(_ text: String, _ id: ProtectedAPIID) async -> String {
                do throws(ControlPlaneError) {
                    return try await bench.service.verify(text, at: id, from: nil, asker: asker)?.outcome
                        ?? "InvalidToken"
                } catch {
                    return error.code.rawValue
                }
            }
            for isForeign in [true, false] {
                let text = try await bench.tokens.create("t\(isForeign)").token.revealed()
                var outcomes: [String] = []
                // The first of them is found in the store, the others are known to the node.
                for _ in 0..<99 { outcomes.append(await outcome(text, isForeign ? theirs : Self.randomID(bench))) }
                #expect(Set(outcomes) == ["InvalidToken"])
                #expect(await outcome(text, isForeign ? theirs : Self.randomID(bench)) == "InvalidToken")
                for id in [theirs, Self.randomID(bench)] {
                    #expect(await outcome(text, id) == "TooManyAttempts", "foreign first: \(isForeign)")
                }
            }
        }
    }

    @Test("TOK-2: whoever asks for others is counted by their organization, whatever address of a client they tell")
    func asker() async throws {
        try await VerificationBench.run { bench in
            let (one, other) = (try await bench.tokens.create("one"), try await bench.tokens.create("other"))
            func ask(_ number: Int, by asker: TokenGrant) async throws -> String {
                let question = VerificationQuestion(
                    text: Token.make(.personal, random: .system).revealed(),
                    organizationID: try bench.tokens.organization,
                    address: IPAddress(v4: UInt32(0xC000_0200 + number)),
                    source: asker.view.token.id,
                    endpoint: "test"
                )
                return try await bench.service.verify(question).outcome
            }
            for number in 0..<100 { #expect(try await ask(number, by: one) == "InvalidToken") }
            await expectRefusal(.tooManyAttempts) { try await ask(100, by: one) }
            await expectRefusal(.tooManyAttempts) { try await ask(101, by: other) }
            #expect(try await bench.ask(other.token.revealed()).isValid, "a known token is looked up all the same")
        }
    }

    @Test("ORG-1, ROT-11: a retired text that is shown for another organization leaves no trace of its owner anywhere")
    func foreignRetired() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            let id = grant.view.token.id
            _ = try await bench.tokens.tokens.rotate(id, grace: .zero, reason: nil, caller: bench.tokens.owner)
            let foreign = try await bench.api(organization: try await bench.stranger())
            let organization = try bench.tokens.organization
            func traces() async throws -> [String] {
                await bench.service.usage.flush()
                await bench.tokens.bench.denials.flush(everything: true)
                let now = bench.tokens.bench.clock.now()
                return try await bench.database.read { tx in
                    let uses = try tx.rows("SELECT use_count FROM retired_api_token") { String(try $0.int(0)) }
                    let cells = try UsageStore.cells(of: id, (now - .hours(1))..<(now + .hours(1)), in: tx)
                    let history = try TokenHistoryStore.addresses(of: id, limit: 200, in: tx)
                    let audit = try AuditStore.list(organization: organization, limit: 500, in: tx).elements
                    return uses + ["\(cells.count) \(history.count) \(audit.count)"]
                }
            }
            let before = try await traces()
            let text = grant.token.revealed()
            #expect(try await bench.ask(text, at: foreign, from: "192.0.2.9").outcome == "InvalidToken")
            let shown = try await bench.service.verify(text, at: foreign.id, from: IPAddress("192.0.2.9"), asker: nil)
            #expect(shown?.outcome == "InvalidToken")
            #expect(try await traces() == before)
            #expect(try await bench.ask(text).outcome == "RotatedOutToken")
            #expect(try await traces() != before, "at home it is counted")
        }
    }
}
