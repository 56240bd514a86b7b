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

    @Test("TOK-2: 1,000 unknown tokens a second in all stop those who flood, and nobody else")
    func total() {
        let limiter = LimiterBox()
        for address in 0..<10 {
            for _ in 0..<TokenLookupLimiter.perAddress - 1 { limiter.missed(address: "a\(address)", at: now) }
        }
        for _ in 0..<9 { limiter.missed(address: "quiet", at: now) }
        #expect(limiter.allows(hash(), address: "a0", at: now))
        limiter.missed(address: "other", at: now)
        #expect(!limiter.allows(hash(), address: "a0", at: now))
        #expect(limiter.allows(hash(), address: "quiet", at: now))
        #expect(limiter.allows(hash(), address: "new", at: now))
        #expect(limiter.allows(hash(), address: "a0", at: now + .seconds(1)))
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
}
