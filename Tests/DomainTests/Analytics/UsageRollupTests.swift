import Domain
import Testing

@Suite("Usage rollups")
struct UsageRollupTests {
    private let start = Instant(microseconds: 1_795_269_600_000_000)
    private let tokens = (1...3).map { CredentialID(value: TypeIDValue(high: 0x7000, low: 1 << 63 | $0)) }

    private struct Call {
        let token: CredentialID
        let endpoint: String
        let outcome: String
        let address: IPAddress?
        let took: Duration
        let at: Instant
    }

    private func calls(_ generator: inout SeededGenerator) -> [Call] {
        (0..<Int.random(in: 0...40, using: &generator))
            .map { _ in
                let address = UInt32.random(in: 0...20, using: &generator)
                return Call(
                    token: tokens.randomElement(using: &generator) ?? tokens[0],
                    endpoint: ["GET /a", "verify"].randomElement(using: &generator) ?? "",
                    outcome: ["ok", "ExpiredToken"].randomElement(using: &generator) ?? "",
                    address: address == 0 ? nil : IPAddress(v4: address),
                    took: .microseconds(Int.random(in: 0...100_000, using: &generator)),
                    at: start + .seconds(Int.random(in: 0...180, using: &generator))
                )
            }
    }

    private func rollup(_ calls: [Call]) -> UsageRollup {
        var rollup = UsageRollup()
        for call in calls {
            rollup.record(
                call.token,
                endpoint: call.endpoint,
                outcome: call.outcome,
                address: call.address,
                took: call.took,
                at: call.at
            )
        }
        return rollup
    }

    private func sum(_ parts: UsageRollup...) -> UsageRollup {
        parts.reduce(into: UsageRollup()) { $0.merge($1) }
    }

    @Test("ANA-2: merging is associative and commutative, and equals recording all at once")
    func merging() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let calls = [calls(&generator), calls(&generator), calls(&generator)]
            let (one, two, three) = (rollup(calls[0]), rollup(calls[1]), rollup(calls[2]))
            let whole = rollup(calls.flatMap(\.self))
            #expect(sum(sum(one, two), three) == whole, "seed \(seed)")
            #expect(sum(one, sum(two, three)) == whole, "seed \(seed)")
            #expect(sum(three, one, two) == whole, "seed \(seed)")
            #expect(sum(UsageRollup(), one) == one && UsageRollup().isEmpty)
            let total = whole.cells.values.reduce(0) { $0 + $1.count }
            #expect(total == calls.joined().count)
            #expect(total == whole.cells.values.reduce(0) { $0 + $1.latency.total })
        }
    }

    @Test("ANA-2: calls are counted by the minute in which they came")
    func minutes() {
        for (at, minute) in [(0, 0), (1, 0), (59_999_999, 0), (60_000_000, 60_000_000), (-1, -60_000_000)] {
            let key = UsageKey(token: tokens[0], endpoint: "e", outcome: "ok", at: Instant(microseconds: Int64(at)))
            #expect(key.minute == Instant(microseconds: Int64(minute)))
        }
    }

    @Test("ANA-2: an address has its first and last use and their number; mapped and plain IPv4 are one")
    func sightings() throws {
        var book = AddressBook()
        let address = try #require(IPAddress("10.0.0.1"))
        for second in [5, 1, 9] { book.record(address, at: start + .seconds(second)) }
        book.record(try #require(IPAddress("::ffff:10.0.0.1")), at: start + .seconds(3))
        let expected = AddressSighting(first: start + .seconds(1), last: start + .seconds(9), count: 4)
        #expect(book.sightings == [address: expected])
    }

    @Test("ANA-2: a trimmed book holds the latest 100 addresses, whatever was trimmed in between")
    func trimming() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let books = (0..<4)
                .map { _ in
                    var book = AddressBook()
                    for _ in 0..<150 {
                        let address = IPAddress(v4: UInt32.random(in: 0...300, using: &generator))
                        book.record(address, at: start + .seconds(Int.random(in: 0...500, using: &generator)))
                    }
                    return book
                }
            var whole = AddressBook()
            var stepwise = AddressBook()
            for book in books { whole.merge(book) }
            for book in books.reversed() {
                stepwise.merge(book.trimmed())
                stepwise = stepwise.trimmed()
            }
            let (one, other) = (whole.trimmed().latest, stepwise.latest)
            #expect(one.count == AddressBook.kept)
            #expect(one.map(\.address) == other.map(\.address), "seed \(seed)")
            #expect(one.map(\.sighting.last) == other.map(\.sighting.last), "seed \(seed)")
        }
    }

    @Test("ANA-2: a token that is used from a million addresses needs no more memory than one from a thousand")
    func bounded() {
        var book = AddressBook()
        for number in 0..<5000 { book.record(IPAddress(v4: UInt32(number)), at: start + .seconds(number)) }
        #expect(book.sightings.count <= AddressBook.maximumRecorded)
        #expect(book.trimmed().latest.first?.address == IPAddress(v4: 4999))
    }
}
