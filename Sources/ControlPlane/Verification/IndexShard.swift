package import Domain

/// One part of the credential index: a bounded map from hashes to records, and what became stale in it.
///
/// A pure value. Hashes that nobody knows have a small map of their own, so that garbage never costs a known token its
/// place.
package struct IndexShard: Sendable {
    /// How long a record is trusted at most.
    package static let life = Duration.seconds(60)
    /// How long a hash counts as unknown without another look.
    package static let unknownLife = Duration.seconds(5)
    /// Unknown hashes of one generation.
    package static let maximumUnknown = 256

    /// What the shard says of a hash.
    package enum Answer: Sendable {
        case known(IndexedToken)
        case unknown
        /// The store has to be asked.
        case absent
    }

    private struct Entry: Sendable {
        let token: IndexedToken
        let loadedAt: ContinuousClock.Instant
        let stamps: SIMD8<UInt32>
    }

    private var known: GenerationMap<TokenHash, Entry>
    private var unknown = GenerationMap<TokenHash, ContinuousClock.Instant>(half: maximumUnknown)
    private var changes = [UInt32](repeating: 0, count: IndexSources.places)
    /// How often anything was invalidated: a load that saw it move may have read what was stale.
    package private(set) var invalidations: UInt64 = 0

    /// `capacity`: records kept at most.
    package init(capacity: Int) {
        known = GenerationMap(half: max(1, capacity / 2))
    }

    /// Records that are kept, stale ones included.
    package var count: Int { known.count }
    package var unknownCount: Int { unknown.count }

    package mutating func find(_ hash: TokenHash, at now: ContinuousClock.Instant) -> Answer {
        if let entry = known.use(hash) {
            if isGood(entry, at: now) { return .known(entry.token) }
            known.remove(hash)
            return .absent
        }
        guard let since = unknown.peek(hash), now - since < Self.unknownLife else { return .absent }
        return .unknown
    }

    /// Keeps what a load found, unless something was invalidated since `noted`; answers whether it was kept.
    @discardableResult
    package mutating func keep(
        _ token: IndexedToken?,
        for hash: TokenHash,
        loadedAt: ContinuousClock.Instant,
        noted: UInt64
    ) -> Bool {
        guard noted == invalidations, token?.sources.isComplete ?? true else { return false }
        if let token {
            known.insert(Entry(token: token, loadedAt: loadedAt, stamps: stamps(of: token.sources)), for: hash)
        } else {
            unknown.insert(loadedAt, for: hash)
        }
        return true
    }

    /// Whatever was made from these places is stale from here on.
    package mutating func invalidate(_ places: [UInt16]) {
        invalidations += 1
        for place in places { changes[Int(place)] &+= 1 }
    }

    package mutating func invalidateEverything() {
        invalidations += 1
        known.removeAll()
        unknown.removeAll()
    }

    private func isGood(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
        now - entry.loadedAt < Self.life && stamps(of: entry.token.sources) == entry.stamps
    }

    private func stamps(of sources: IndexSources) -> SIMD8<UInt32> {
        var stamps = SIMD8<UInt32>()
        for position in 0..<IndexSources.maximum { stamps[position] = changes[Int(sources.places[position])] }
        return stamps
    }
}
