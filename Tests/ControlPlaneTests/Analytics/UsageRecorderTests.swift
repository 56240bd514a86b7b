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

    @Test("ANA-2: what can't be written is kept and tried again; what there is no room for is counted as lost")
    func storeAway() async throws {
        try await VerificationBench.run { bench in
            let grant = try await bench.tokens.create()
            let organization = try bench.tokens.organization
            func use() {
                bench.service.usage.record(
                    grant.view.token.id,
                    of: organization,
                    endpoint: "x",
                    outcome: "ok",
                    address: nil,
                    took: .microseconds(1),
                    at: bench.tokens.bench.clock.now()
                )
            }
            for _ in 0..<(UsageRecorder.capacity + 1) { use() }
            #expect(bench.service.usage.lost == 1)
            await bench.database.close()
            await bench.service.usage.flush()
            use()
            await bench.service.usage.flush()
            #expect(bench.service.usage.lost == 1)
        }
    }
}
