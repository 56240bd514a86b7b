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

    private var young: [ProtectedAPIID: Entry] = [:]
    private var old: [ProtectedAPIID: Entry] = [:]
    private var unknown: [ProtectedAPIID: ContinuousClock.Instant] = [:]
    private var oldUnknown: [ProtectedAPIID: ContinuousClock.Instant] = [:]
    /// How often anything was invalidated: a load that saw it move may have read what was stale.
    package private(set) var invalidations: UInt64 = 0

    package init() {}

    package var count: Int { young.count + old.count }
    package var unknownCount: Int { unknown.count + oldUnknown.count }

    package mutating func find(_ id: ProtectedAPIID, at now: ContinuousClock.Instant) -> Answer {
        if let entry = young[id] ?? old.removeValue(forKey: id) {
            guard now - entry.loadedAt < IndexShard.life else {
                young[id] = nil
                return .absent
            }
            if young[id] == nil { insert(entry, for: id) }
            return .known(entry.api)
        }
        guard let since = unknown[id] ?? oldUnknown[id], now - since < IndexShard.unknownLife else { return .absent }
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
            old[id] = nil
            insert(Entry(api: api, loadedAt: loadedAt), for: id)
        } else {
            if unknown.count >= Self.maximumUnknown {
                oldUnknown = unknown
                unknown = [:]
            }
            unknown[id] = loadedAt
        }
        return true
    }

    /// Forgets these, and that there were none of them.
    package mutating func invalidate(_ ids: [ProtectedAPIID]) {
        invalidations += 1
        for id in ids {
            young[id] = nil
            old[id] = nil
            unknown[id] = nil
            oldUnknown[id] = nil
        }
    }

    package mutating func invalidateEverything() {
        let count = invalidations
        self = ProtectedAPIShelf()
        invalidations = count + 1
    }

    private mutating func insert(_ entry: Entry, for id: ProtectedAPIID) {
        if young.count >= Self.maximumKnown {
            old = young
            young = [:]
        }
        young[id] = entry
    }
}
