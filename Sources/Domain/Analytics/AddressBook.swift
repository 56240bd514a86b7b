/// From where a token was used: each address with its first and last use and their number.
///
/// Merging loses nothing, and so gives the same book in any order and grouping; only ``trimmed(to:)``, which the store
/// calls when it writes, forgets. Which addresses a trimmed book holds, and when they were last seen, does not depend on
/// trims in between; the count and the first use of an address that was forgotten begin anew when it comes back.
package struct AddressBook: Hashable, Sendable {
    /// How many addresses the store keeps of a token.
    package static let kept = 100
    /// How many are remembered while they are recorded, until the book is trimmed.
    package static let maximumRecorded = 1000

    package private(set) var sightings: [IPAddress: AddressSighting] = [:]

    package init() {}

    package init(_ sightings: [IPAddress: AddressSighting]) { self.sightings = sightings }

    /// Counts a use; a book that is full forgets all but the latest addresses first.
    package mutating func record(_ address: IPAddress, at now: Instant) {
        if sightings.count >= Self.maximumRecorded, sightings[address] == nil { self = trimmed() }
        insert(address, AddressSighting(first: now, last: now, count: 1))
    }

    package mutating func merge(_ other: AddressBook) {
        for (address, sighting) in other.sightings { insert(address, sighting) }
    }

    /// The book with the addresses that were seen last only; of those seen at once, the lower ones.
    package func trimmed(to count: Int = kept) -> AddressBook {
        guard sightings.count > count else { return self }
        return AddressBook(Dictionary(uniqueKeysWithValues: latest.prefix(count).map { ($0.address, $0.sighting) }))
    }

    /// All addresses, the one seen last first.
    package var latest: [(address: IPAddress, sighting: AddressSighting)] {
        sightings.map { (address: $0.key, sighting: $0.value) }
            .sorted { one, other in
                one.sighting.last == other.sighting.last
                    ? one.address < other.address : one.sighting.last > other.sighting.last
            }
    }

    private mutating func insert(_ address: IPAddress, _ sighting: AddressSighting) {
        sightings[address] = sightings[address].map { $0.merged(with: sighting) } ?? sighting
    }
}

/// When an address was first and last seen, and how often.
package struct AddressSighting: Hashable, Sendable {
    package let first: Instant
    package let last: Instant
    package let count: Int

    package init(first: Instant, last: Instant, count: Int) {
        self.first = first
        self.last = last
        self.count = count
    }

    package func merged(with other: AddressSighting) -> AddressSighting {
        let (sum, overflow) = count.addingReportingOverflow(other.count)
        return AddressSighting(
            first: min(first, other.first),
            last: max(last, other.last),
            count: overflow ? .max : sum
        )
    }
}
