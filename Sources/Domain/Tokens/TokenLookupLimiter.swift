/// Bounds how often unknown tokens may be looked up (TOK-2): 100 a second per source, 1,000 in all.
///
/// A source is an IPv4 address, the /64 network of an IPv6 one, or the credential of whoever asks about others' tokens.
/// Only look-ups that found nothing are counted, so that those under way when a bound is reached may go beyond it; and a
/// token that was found lately is always looked up again: known tokens are not affected. Once half of the total is used
/// up, sources that showed several unknown tokens themselves are refused, so that a flood from a few leaves room for
/// everybody else. A pure value; its memory is bounded.
package struct TokenLookupLimiter: Sendable {
    package static let perAddress = 100
    package static let total = 1000
    /// How many misses of all sources let those through that are part of a flood.
    package static let crowded = 500
    /// From how many misses in the second a source counts as part of a flood.
    package static let suspicious = 10
    package static let maximumAddresses = 10_000
    /// How many tokens of one generation are remembered as known; two generations are kept.
    package static let maximumKnown = 131_072

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
        guard count < Self.perAddress, totalMisses < Self.total else { return false }
        return totalMisses < Self.crowded || count < Self.suspicious
    }

    /// Whether a source may look something else up that may not be there, such as a protected API by its id.
    ///
    /// Nobody else's misses count: it is asked of those only who showed a token that is known.
    package mutating func allowsLook(of source: String, at now: Instant) -> Bool {
        roll(to: now)
        return (misses[key(source)] ?? 0) < Self.perAddress
    }

    /// Counts such a look that found nothing; it leaves the total alone.
    package mutating func missedLook(of source: String, at now: Instant) {
        roll(to: now)
        misses[key(source), default: 0] += 1
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

    /// The source, or one name for all behind the bound.
    private func key(_ address: String?) -> String {
        let source = Self.source(address)
        return misses[source] != nil || misses.count < Self.maximumAddresses ? source : "*"
    }

    /// Whoever has an IPv6 address has a network of them.
    private static func source(_ text: String?) -> String {
        guard let text else { return "-" }
        guard let address = IPAddress(text), address.isIPv6 else { return text }
        return IPAddress(high: address.high, low: 0).text + "/64"
    }

    private mutating func roll(to now: Instant) {
        let current = now.microseconds / 1_000_000
        guard current != second else { return }
        second = current
        misses.removeAll(keepingCapacity: misses.count < 1000)
        totalMisses = 0
    }
}
