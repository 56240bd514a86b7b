import Domain
import Testing

@Suite("Look-ups of unknown tokens")
struct TokenLookupLimiterTests {
    private let now = Instant(microseconds: 1_795_222_207_000_000)
    private let hasher = TokenHasher(newest: Pepper(id: 1, secret: Array(0..<32)))

    private func hash() -> TokenHash { hasher.hash(Token.make(.agent, random: .system)).hash }

    @Test("TOK-2: an address may look 100 unknown tokens up in a second, and 100 more in the next")
    func perAddress() {
        let limiter = LimiterBox()
        for second in 0..<2 {
            let instant = now + .seconds(second)
            for _ in 0..<TokenLookupLimiter.perAddress {
                #expect(limiter.allows(hash(), address: "a", at: instant))
                limiter.missed(address: "a", at: instant)
            }
            #expect(!limiter.allows(hash(), address: "a", at: instant))
            #expect(limiter.allows(hash(), address: "b", at: instant))
        }
    }

    @Test("TOK-2: a known token is never refused, whatever comes from its address")
    func known() {
        let limiter = LimiterBox()
        let token = hash()
        limiter.found(token)
        for _ in 0..<5000 { limiter.missed(address: "a", at: now) }
        #expect(limiter.allows(token, address: "a", at: now))
        #expect(!limiter.allows(hash(), address: "a", at: now))
    }

    @Test(
        "TOK-2: 1,000 unknown tokens a second are looked up in all, from however many addresses, and known ones still"
    )
    func total() {
        let limiter = LimiterBox()
        let token = hash()
        limiter.found(token)
        var looked = 0
        for address in 0..<3000 where limiter.allows(hash(), address: "a\(address)", at: now) {
            limiter.missed(address: "a\(address)", at: now)
            looked += 1
        }
        #expect(looked == TokenLookupLimiter.total)
        #expect(!limiter.allows(hash(), address: "new", at: now))
        #expect(limiter.allows(token, address: "a0", at: now))
        #expect(limiter.allows(hash(), address: "new", at: now + .seconds(1)))
    }

    @Test("TOK-2: a flood from a few addresses leaves room for everybody else")
    func fewFlood() {
        let limiter = LimiterBox()
        for _ in 0..<TokenLookupLimiter.perAddress {
            for address in 0..<40 where limiter.allows(hash(), address: "a\(address)", at: now) {
                limiter.missed(address: "a\(address)", at: now)
            }
        }
        #expect(!limiter.allows(hash(), address: "a0", at: now))
        for _ in 0..<9 {
            #expect(limiter.allows(hash(), address: "quiet", at: now))
            limiter.missed(address: "quiet", at: now)
        }
        #expect(limiter.allows(hash(), address: "new", at: now))
    }

    @Test("TOK-2: whoever has an IPv6 network counts as one, and each IPv4 address by itself")
    func networks() {
        let limiter = LimiterBox()
        for place in 0..<TokenLookupLimiter.perAddress {
            let address = "2001:db8:0:7:\(String(place, radix: 16))::1"
            #expect(limiter.allows(hash(), address: address, at: now))
            limiter.missed(address: address, at: now)
        }
        #expect(!limiter.allows(hash(), address: "2001:db8:0:7:ffff::9", at: now))
        #expect(limiter.allows(hash(), address: "2001:db8:0:8::1", at: now))
        for _ in 0..<TokenLookupLimiter.perAddress { limiter.missed(address: "192.0.2.1", at: now) }
        #expect(!limiter.allows(hash(), address: "192.0.2.1", at: now))
        #expect(limiter.allows(hash(), address: "192.0.2.2", at: now))
    }

    @Test("TOK-2: looks for other things are bounded by who asks alone, and take nobody's place")
    func looks() {
        let limiter = LimiterBox()
        for address in 0..<TokenLookupLimiter.total { limiter.missed(address: "a\(address)", at: now) }
        for _ in 0..<TokenLookupLimiter.perAddress {
            #expect(limiter.allowsLook(of: "crd_1", at: now))
            limiter.missedLook(of: "crd_1", at: now)
        }
        #expect(!limiter.allowsLook(of: "crd_1", at: now))
        #expect(limiter.allowsLook(of: "crd_2", at: now))
        #expect(limiter.allowsLook(of: "crd_1", at: now + .seconds(1)))
    }

    @Test("TOK-2: addresses behind the bound share one place, and known tokens outlive one generation")
    func bounded() {
        let limiter = LimiterBox()
        for address in 0..<TokenLookupLimiter.maximumAddresses { limiter.missed(address: "a\(address)", at: now) }
        for _ in 0..<TokenLookupLimiter.perAddress { limiter.missed(address: "late", at: now) }
        #expect(!limiter.allows(hash(), address: "later", at: now))
        let first = hash()
        limiter.found(first)
        for number in 0..<TokenLookupLimiter.maximumKnown {
            let bytes = (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
            if let filler = TokenHash(bytes: bytes) { limiter.found(filler) }
        }
        #expect(limiter.allows(first, address: "later", at: now))
    }
}

/// Holds the limiter, so that an expectation may ask it.
private final class LimiterBox {
    private var limiter = TokenLookupLimiter()

    func allows(_ hash: TokenHash, address: String?, at now: Instant) -> Bool {
        limiter.allows(hash, address: address, at: now)
    }

    func missed(address: String?, at now: Instant) { limiter.missed(address: address, at: now) }

    func found(_ hash: TokenHash) { limiter.found(hash) }

    func allowsLook(of source: String, at now: Instant) -> Bool { limiter.allowsLook(of: source, at: now) }

    func missedLook(of source: String, at now: Instant) { limiter.missedLook(of: source, at: now) }
}
