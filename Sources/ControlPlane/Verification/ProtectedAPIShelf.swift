package import Domain

/// The protected APIs that a node knows, by the rules of ``IndexShard``: bounded, forgotten when they change, trusted for
/// a while.
///
/// A pure value. Ids that no API has lie in a small map of their own, so that made-up ones never cost a known API its
/// place.
package struct ProtectedAPIShelf: Sendable {
    package enum Answer: Sendable {
        case known(IndexedAPI)
        case unknown
        /// The store has to be asked.
        case absent
    }

    /// APIs of one generation; two are kept.
    package static let maximumKnown = 2048
    /// Ids of one generation that no API has.
    package static let maximumUnknown = 256

    private struct Entry: Sendable {
        let api: IndexedAPI
        let loadedAt: ContinuousClock.Instant
    }

    private var known = GenerationMap<ProtectedAPIID, Entry>(half: maximumKnown)
    private var unknown = GenerationMap<ProtectedAPIID, ContinuousClock.Instant>(half: maximumUnknown)
    /// How often anything was invalidated: a load that saw it move may have read what was stale.
    package private(set) var invalidations: UInt64 = 0

    package init() {}

    package var count: Int { known.count }
    package var unknownCount: Int { unknown.count }

    package mutating func find(_ id: ProtectedAPIID, at now: ContinuousClock.Instant) -> Answer {
        if let entry = known.use(id) {
            if now - entry.loadedAt < IndexShard.life { return .known(entry.api) }
            known.remove(id)
            return .absent
        }
        // As long as a known one: how long an id is remembered must not tell whether another organization has it.
        guard let since = unknown.peek(id), now - since < IndexShard.life else { return .absent }
        return .unknown
    }

    /// Keeps what a load found, unless something was invalidated since `noted`; answers whether it was kept.
    @discardableResult
    package mutating func keep(
        _ api: IndexedAPI?,
        for id: ProtectedAPIID,
        loadedAt: ContinuousClock.Instant,
        noted: UInt64
    ) -> Bool {
        guard noted == invalidations else { return false }
        if let api {
            known.insert(Entry(api: api, loadedAt: loadedAt), for: id)
        } else {
            unknown.insert(loadedAt, for: id)
        }
        return true
    }

    /// Forgets these, and that there were none of them.
    package mutating func invalidate(_ ids: [ProtectedAPIID]) {
        invalidations += 1
        for id in ids {
            known.remove(id)
            unknown.remove(id)
        }
    }

    package mutating func invalidateEverything() {
        let count = invalidations
        self = ProtectedAPIShelf()
        invalidations = count + 1
    }
}
