package import Domain

/// One part of the credential index: a bounded map from hashes to records, and what became stale in it.
///
/// A pure value. Records are kept in two generations of equal size: what is asked for moves to the young one, and when
/// that is full the old one is forgotten as a whole. Hashes that nobody knows have a small map of their own, so that
/// garbage never costs a known token its place.
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

    /// How many records one generation has.
    private let half: Int
    private var young: [TokenHash: Entry] = [:]
    private var old: [TokenHash: Entry] = [:]
    private var unknown: [TokenHash: ContinuousClock.Instant] = [:]
    private var oldUnknown: [TokenHash: ContinuousClock.Instant] = [:]
    private var changes = [UInt32](repeating: 0, count: IndexSources.places)
    /// How often anything was invalidated: a load that saw it move may have read what was stale.
    package private(set) var invalidations: UInt64 = 0

    /// `capacity`: records kept at most.
    package init(capacity: Int) {
        half = max(1, capacity / 2)
    }

    /// Records that are kept, stale ones included.
    package var count: Int { young.count + old.count }
    package var unknownCount: Int { unknown.count + oldUnknown.count }

    package mutating func find(_ hash: TokenHash, at now: ContinuousClock.Instant) -> Answer {
        if let entry = young[hash] {
            if isGood(entry, at: now) { return .known(entry.token) }
            young[hash] = nil
            return .absent
        }
        if let entry = old.removeValue(forKey: hash) {
            guard isGood(entry, at: now) else { return .absent }
            insert(entry, for: hash)
            return .known(entry.token)
        }
        guard let since = unknown[hash] ?? oldUnknown[hash], now - since < Self.unknownLife else { return .absent }
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
            old[hash] = nil
            insert(Entry(token: token, loadedAt: loadedAt, stamps: stamps(of: token.sources)), for: hash)
        } else {
            if unknown.count >= Self.maximumUnknown {
                oldUnknown = unknown
                unknown = [:]
            }
            unknown[hash] = loadedAt
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
        young = [:]
        old = [:]
        unknown = [:]
        oldUnknown = [:]
    }

    private mutating func insert(_ entry: Entry, for hash: TokenHash) {
        if young.count >= half {
            old = young
            young = [:]
        }
        young[hash] = entry
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
