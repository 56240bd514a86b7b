/// The statements that the server has taken apart on one connection, by their text; the longest unused one makes room.
package struct PreparedStatements {
    package struct Entry: Equatable {
        /// What the server calls it: a letter and a number of ours.
        package let name: String
        package let parameterTypes: [UInt32]
        fileprivate var lastUse: UInt64 = 0
    }

    private let limit: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0
    private var made: UInt64 = 0

    package init(limit: Int) {
        self.limit = limit
    }

    package var count: Int { entries.count }

    /// The statement with this text, which counts as used now.
    package mutating func find(_ text: String) -> Entry? {
        guard let index = entries.index(forKey: text) else { return nil }
        uses += 1
        entries.values[index].lastUse = uses
        return entries.values[index]
    }

    /// A name that no statement of this connection had.
    package mutating func nextName() -> String {
        made += 1
        return "s\(made)"
    }

    /// Keeps a statement; returns the name of the one that the server may forget, if there were too many.
    package mutating func insert(_ text: String, name: String, parameterTypes: [UInt32]) -> String? {
        uses += 1
        let oldest = entries.count < limit ? nil : entries.min { $0.value.lastUse < $1.value.lastUse }
        if let oldest { entries[oldest.key] = nil }
        entries[text] = Entry(name: name, parameterTypes: parameterTypes, lastUse: uses)
        return oldest?.value.name
    }

    /// Forgets a statement; returns its name.
    package mutating func remove(_ text: String) -> String? {
        entries.removeValue(forKey: text)?.name
    }
}
