import Testing

@Suite("A node whose clock is an hour off", .onPostgresOnly)
struct WrongClockTests {
    static let skews = [3600, -3600]

    @Test("DST-6, ROT-3: it ends a grace within a second of its deadline, as every other node does", arguments: skews)
    func grace(_ skew: Int) async throws {
        try await Workbench.run { bench in
            let nodes = try await skewed(bench, by: skew)
            let (id, daemon) = try await nodes.owner(at: 0).connectedAgent(bench)
            let old = try #require(daemon.storedTokens().first)
            _ = try await nodes.owner(at: 1).rotate(id).expecting(200)
            try await nodes.owner(at: 1).awaitPromotion(id)
            let text = try await nodes.database.sql("SELECT MAX(previous_valid_until) FROM credential")
            let shift = 290
            let deadline = try #require(Int(text)) - shift * 1_000_000
            try await nodes.servers[0].moveClock(to: shift)

            // Microseconds by which an answer of a node came before the deadline, in database time.
            let begun = ContinuousClock.now
            let early = .microseconds(deadline - (try await nodes.databaseTime())) - (ContinuousClock.now - begun)
            let end = begun + early
            for server in nodes.servers {
                #expect(try await server.knock(with: old).status == 101, "refused before the deadline")
            }
            #expect(ContinuousClock.now < end, "the test was too slow to prove anything")
            try await Task.sleep(until: end - .seconds(1), clock: .continuous)
            for server in nodes.servers {
                let attempt = ContinuousClock.now
                let status = try await server.knock(with: old).status
                #expect(status == 101 || ContinuousClock.now >= end - .milliseconds(100), "refused at \(attempt - end)")
            }
            try await Task.sleep(until: end + .seconds(1), clock: .continuous)
            for server in nodes.servers { #expect(try await server.knock(with: old).code == "RotatedOutToken") }
        }
    }

    @Test("DST-6, ROT-9: it takes no lease before that has ended, and loses none of its own", arguments: skews)
    func leases(_ skew: Int) async throws {
        try await Workbench.run { bench in
            let nodes = try await skewed(bench, by: skew)
            let first = try #require(try await nodes.holder())
            #expect(first.index == 0)
            let end = ContinuousClock.now + .seconds(6)
            while ContinuousClock.now < end {
                let now = try #require(try await nodes.holder())
                #expect(now.index == 0 && now.tenure == first.tenure, "a lease was taken before it had ended")
                try await Task.sleep(for: .milliseconds(200))
            }
            try await nodes.servers[0].kill()
            let killed = ContinuousClock.now
            try await eventually("the other node has the lease", within: .seconds(20)) {
                try await nodes.holder()?.index == 1
            }
            let waited = ContinuousClock.now - killed
            #expect(waited >= .seconds(7) && waited <= .seconds(15), "it was taken over after \(waited)")
        }
    }

    /// Two nodes; the second one's clock is wrong.
    private func skewed(_ bench: Workbench, by seconds: Int) async throws -> Nodes {
        try await Nodes.start(on: bench, environment: { $0 == 1 ? ["CLAVIGER_TEST_CLOCK_SKEW": "\(seconds)"] : [:] })
    }
}
