import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

@Suite struct UsageRecorderTests {
    @Test("ANA-2, TOK-4: each use is counted by token, endpoint and outcome, with its address and the last use")
    func counts() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create("one", ["agents:read"])
            let (text, id) = (grant.token.revealed(), grant.view.token.id)
            let api = try await bench.api(scopes: [Scope(.agentsRead)])
            let strict = try await bench.api(scopes: [Scope(.agentsRotate)])
            for place in 0..<5 { _ = try await bench.ask(text, at: api, from: "192.0.2.\(place % 2)") }
            _ = try await bench.ask(text, at: strict, from: "192.0.2.7")
            await bench.service.usage.flush()
            _ = try await bench.ask(text, at: api, from: "192.0.2.1")
            await bench.service.usage.flush()
            let now = bench.tokens.bench.clock.now()
            let (cells, addresses, last) = try await bench.database.read { tx in
                (
                    try UsageStore.cells(of: id, (now - .hours(1))..<(now + .hours(1)), in: tx),
                    try TokenHistoryStore.addresses(of: id, limit: 100, in: tx), try TokenUseStore.last(of: id, in: tx)
                )
            }
            let counts = Dictionary(
                uniqueKeysWithValues: cells.map { ("\($0.key.endpoint) \($0.key.outcome)", $0.cell.count) }
            )
            #expect(counts == ["\(api.id.text) ok": 6, "\(strict.id.text) InsufficientScope": 1])
            #expect(cells.allSatisfy { $0.cell.latency.total == $0.cell.count })
            #expect(Set(addresses.map(\.address)) == ["192.0.2.0", "192.0.2.1", "192.0.2.7"])
            #expect(addresses.first { $0.address == "192.0.2.1" }?.uses == 3)
            #expect(last?.time == now)
            #expect(bench.service.usage.lost == 0)
        }
    }

    @Test("TOK-4: of the addresses of a token the latest 100 are kept")
    func addresses() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            for place in 0..<120 {
                _ = try await bench.ask(grant.token.revealed(), from: "192.0.2.\(place)")
                bench.tokens.bench.clock.advance(by: .seconds(1))
                if place == 60 { await bench.service.usage.flush() }
            }
            await bench.service.usage.flush()
            let kept = try await bench.database.read { tx in
                try TokenHistoryStore.addresses(of: grant.view.token.id, limit: 200, in: tx)
            }
            #expect(kept.map(\.address) == (20..<120).reversed().map { "192.0.2.\($0)" })
        }
    }

    @Test("TOK-4: a call with a text that is dead is counted, and is neither the last use nor in the address history")
    func deadTexts() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            let (text, id) = (grant.token.revealed(), grant.view.token.id)
            let (tokens, owner, clock) = (bench.tokens.tokens, bench.tokens.owner, bench.tokens.bench.clock)
            #expect(try await bench.ask(text, from: "192.0.2.1").isValid)
            await bench.service.usage.flush()
            let used = clock.now()
            clock.advance(by: .minutes(5))
            _ = try await tokens.pause(id, reason: nil, caller: owner)
            #expect(try await bench.ask(text, from: "203.0.113.1").outcome == "SuspendedToken")
            _ = try await tokens.resume(id, reason: nil, caller: owner)
            _ = try await tokens.rotate(id, grace: .zero, reason: nil, caller: owner)
            #expect(try await bench.ask(text, from: "203.0.113.2").outcome == "RotatedOutToken")
            _ = try await tokens.revoke(id, reason: nil, caller: owner)
            #expect(try await bench.ask(text, from: "203.0.113.3").outcome == "RevokedToken")
            await bench.service.usage.flush()
            let (cells, addresses, last) = try await bench.database.read { tx in
                (
                    try UsageStore.cells(of: id, (used - .hours(1))..<(used + .hours(1)), in: tx),
                    try TokenHistoryStore.addresses(of: id, limit: 200, in: tx), try TokenUseStore.last(of: id, in: tx)
                )
            }
            let outcomes = Set(cells.map(\.key.outcome))
            #expect(outcomes == ["ok", "SuspendedToken", "RotatedOutToken", "RevokedToken"])
            #expect(addresses.map(\.address) == ["192.0.2.1"])
            #expect(last?.time == used && last?.address == "192.0.2.1")
        }
    }

    @Test("ANA-2: what can't be written is kept and written once it can; what there is no room for is counted as lost")
    func storeAway() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            let (id, organization) = (grant.view.token.id, try bench.tokens.organization)
            let now = bench.tokens.bench.clock.now()
            func use(from address: Int) {
                bench.service.usage.record(
                    id,
                    of: organization,
                    endpoint: "x",
                    outcome: "ok",
                    address: IPAddress(v4: UInt32(address)),
                    isUse: true,
                    took: .microseconds(1),
                    at: now
                )
            }
            func written() async throws -> (calls: Int, addresses: Int) {
                try await bench.database.read { tx in
                    let cells = try UsageStore.cells(of: id, (now - .hours(1))..<(now + .hours(1)), in: tx)
                    let addresses = try TokenHistoryStore.addresses(of: id, limit: 200, in: tx)
                    return (cells.reduce(0) { $0 + $1.cell.count }, addresses.count)
                }
            }
            for _ in 0..<(UsageRecorder.capacity + 1) { use(from: 1) }
            #expect(bench.service.usage.lost == 1)
            // The table is away, and so nothing can be written.
            try await bench.database.write { try $0.execute("ALTER TABLE usage_minute RENAME TO usage_away") }
            await bench.service.usage.flush()
            for flush in 0..<5 {
                for address in 0..<900 { use(from: 1 + flush * 900 + address) }
                await bench.service.usage.flush()
            }
            #expect(bench.service.usage.lost == 1)
            try await bench.database.write { try $0.execute("ALTER TABLE usage_away RENAME TO usage_minute") }
            use(from: 1)
            await bench.service.usage.flush()
            let kept = try await written()
            #expect(kept.calls == UsageRecorder.capacity + 4501)
            #expect(kept.addresses == AddressBook.kept)
            await bench.service.usage.flush()
            #expect(try await written().calls == kept.calls, "nothing is written twice")
            #expect(bench.service.usage.lost == 1)
        }
    }

    @Test("ANA-2: what was used is in the store within a second or two, so that a crash loses no more")
    func everySecond() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            let (text, id) = (grant.token.revealed(), grant.view.token.id)
            let (usage, now) = (bench.service.usage, bench.tokens.bench.clock.now())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await usage.run() }
                let begun = ContinuousClock.now
                #expect(try await bench.ask(text).isValid)
                while ContinuousClock.now - begun < .seconds(30) {
                    let cells = try await bench.database.read { tx in
                        try UsageStore.cells(of: id, (now - .hours(1))..<(now + .hours(1)), in: tx)
                    }
                    if cells.reduce(0, { $0 + $1.cell.count }) == 1 { break }
                    try await Task.sleep(for: .milliseconds(20))
                }
                let took = ContinuousClock.now - begun
                #expect(took < .seconds(5), "a second, and what a busy machine adds: \(took)")
                group.cancelAll()
            }
        }
    }
}
