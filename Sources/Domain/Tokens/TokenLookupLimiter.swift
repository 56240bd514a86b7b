/// Bounds how often unknown tokens may be looked up (TOK-2): 100 a second per address, 1,000 in all.
///
/// Only look-ups that found nothing are counted, and a token that was found lately is always looked up again: known
/// tokens are not affected. When all places of a second are taken, only addresses that showed several unknown tokens
/// themselves are refused, so that a flood from elsewhere shuts nobody out. A pure value; its memory is bounded.
package struct TokenLookupLimiter: Sendable {
    package static let perAddress = 100
    package static let total = 1000
    /// From how many misses in the second an address counts as part of a flood.
    package static let suspicious = 10
    package static let maximumAddresses = 10_000
    /// How many tokens of one generation are remembered as known; two generations are kept.
    package static let maximumKnown = 32_768

    private var second: Int64 = 0
    private var misses: [String: Int] = [:]
    private var totalMisses = 0
    private var young: Set<TokenHash> = []
    private var old: Set<TokenHash> = []

    package init() {}

    /// Whether the token may be looked up now.
    package mutating func allows(_ hash: TokenHash, address: String?, at now: Instant) -> Bool {
        roll(to: now)
        if young.contains(hash) || old.contains(hash) { return true }
        let count = misses[key(address)] ?? 0
        return count < Self.perAddress && (totalMisses < Self.total || count < Self.suspicious)
    }

    /// Counts a look-up that found nothing.
    package mutating func missed(address: String?, at now: Instant) {
        roll(to: now)
        misses[key(address), default: 0] += 1
        totalMisses += 1
    }

    /// Remembers a token that was found.
    package mutating func found(_ hash: TokenHash) {
        guard !young.contains(hash) else { return }
        if young.count >= Self.maximumKnown {
            old = young
            young = []
        }
        young.insert(hash)
    }

    /// The address, or one name for all behind the bound.
    private func key(_ address: String?) -> String {
        let address = address ?? "-"
        return misses[address] != nil || misses.count < Self.maximumAddresses ? address : "*"
    }

    private mutating func roll(to now: Instant) {
        let current = now.microseconds / 1_000_000
        guard current != second else { return }
        second = current
        misses.removeAll(keepingCapacity: misses.count < 1000)
        totalMisses = 0
    }
}
