/// What calls are counted by: token, endpoint, outcome and minute (ANA-2).
package struct UsageKey: Hashable, Sendable {
    package let token: CredentialID
    /// The route's template or the protected API, never a path.
    package let endpoint: String
    /// `ok`, or the code of the refusal.
    package let outcome: String
    /// The first instant of the minute.
    package let minute: Instant

    package init(token: CredentialID, endpoint: String, outcome: String, at instant: Instant) {
        self.token = token
        self.endpoint = endpoint
        self.outcome = outcome
        let length = Duration.minutes(1).wholeMicroseconds
        let rest = instant.microseconds.flooredQuotientAndRemainder(dividingBy: length).remainder
        minute = Instant(microseconds: instant.microseconds - rest)
    }
}

extension UsageKey: Comparable {
    /// The order in which rows are written, so that two nodes never wait for each other.
    package static func < (left: UsageKey, right: UsageKey) -> Bool {
        if left.token != right.token { return left.token < right.token }
        if left.minute != right.minute { return left.minute < right.minute }
        if left.endpoint != right.endpoint { return left.endpoint < right.endpoint }
        return left.outcome < right.outcome
    }
}

/// Calls of one key: how many, and how long they took.
package struct UsageCell: Hashable, Sendable {
    package private(set) var count = 0
    package private(set) var latency = LatencyHistogram()

    package init() {}

    package init(count: Int, latency: LatencyHistogram) {
        self.count = count
        self.latency = latency
    }

    package mutating func record(_ duration: Duration) {
        merge(count: 1)
        latency.record(duration)
    }

    package mutating func merge(_ other: UsageCell) {
        merge(count: other.count)
        latency.merge(other.latency)
    }

    private mutating func merge(count other: Int) {
        let (sum, overflow) = count.addingReportingOverflow(other)
        count = overflow ? .max : sum
    }
}

/// What was used in some stretch of time, as a node drains it each second: cells by key and an address book per token.
///
/// Rollups merge in any order and grouping to the same value, so that nodes, seconds and retries need no order.
package struct UsageRollup: Hashable, Sendable {
    package private(set) var cells: [UsageKey: UsageCell] = [:]
    package private(set) var books: [CredentialID: AddressBook] = [:]

    package init() {}

    package var isEmpty: Bool { cells.isEmpty && books.isEmpty }

    /// Counts one call; `address` only if the text that was shown lives: what is dead is no use of the token.
    package mutating func record(
        _ token: CredentialID,
        endpoint: String,
        outcome: String,
        address: IPAddress?,
        took duration: Duration,
        at now: Instant
    ) {
        cells[UsageKey(token: token, endpoint: endpoint, outcome: outcome, at: now), default: UsageCell()]
            .record(duration)
        if let address { books[token, default: AddressBook()].record(address, at: now) }
    }

    /// The same in parts of at most so many cells, each with the address books of tokens that are in no part before.
    package func parts(of count: Int) -> [UsageRollup] {
        guard cells.count > count else { return [self] }
        var (parts, part, left) = ([UsageRollup](), UsageRollup(), books)
        for (key, cell) in cells.sorted(by: { $0.key < $1.key }) {
            if part.cells.count >= max(1, count) {
                parts.append(part)
                part = UsageRollup()
            }
            part.cells[key] = cell
            if let book = left.removeValue(forKey: key.token) { part.books[key.token] = book }
        }
        parts.append(part)
        return parts
    }

    /// Forgets all but the latest addresses of books that have grown beyond what is remembered while they are recorded.
    package mutating func trimBooks() {
        for (token, book) in books where book.sightings.count > AddressBook.maximumRecorded {
            books[token] = book.trimmed()
        }
    }

    package mutating func merge(_ other: UsageRollup) {
        for (key, cell) in other.cells { cells[key, default: UsageCell()].merge(cell) }
        for (token, book) in other.books { books[token, default: AddressBook()].merge(book) }
    }
}
