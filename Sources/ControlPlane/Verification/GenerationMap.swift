/// A bounded map of two generations of equal size: what is used moves to the young one, and when that is full the old one
/// is forgotten as a whole.
struct GenerationMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Entries of one generation.
    private let half: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    init(half: Int) {
        self.half = half
    }

    var count: Int { young.count + old.count }

    /// A value, left where it is.
    func peek(_ key: Key) -> Value? { young[key] ?? old[key] }

    /// A value that is used: it moves to the young ones.
    mutating func use(_ key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    mutating func insert(_ value: Value, for key: Key) {
        old[key] = nil
        if young.count >= half {
            old = young
            young = [:]
        }
        young[key] = value
    }

    mutating func remove(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
