/// How long calls took: counts in 62 fixed buckets on a logarithmic scale from 1 µs to 60 s.
///
/// Small buckets are one microsecond wide; each larger one reaches at most 34 % further than the one before. Whoever asks
/// for a quantile gets the geometric middle of its bucket: at most 16 % above or below the true value between 1 µs and
/// 60 s. What took longer counts as 60 s. Histograms add up in any order and grouping to the same sum; a count that
/// would overflow stays at the highest number.
package struct LatencyHistogram: Hashable, Sendable {
    /// The lowest value of each bucket, in microseconds; the last one holds everything from 60 s.
    private static let floors: [Int64] = {
        var floors: [Int64] = [0, 2]
        while let last = floors.last, last < 60_000_000 {
            floors.append(min(60_000_000, max(last + 1, last * 134 / 100)))
        }
        return floors
    }()

    package static var bucketCount: Int { floors.count }

    /// Empty until the first value, so that a rollup without values costs nothing.
    private var counts: [Int] = []

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// How many values there are.
    package var total: Int { counts.reduce(0) { Self.sum($0, $1) } }

    /// Counts one value; a negative one, which only a clock that went back makes, counts as nothing.
    package mutating func record(microseconds: Int64) {
        if counts.isEmpty { counts = [Int](repeating: 0, count: Self.floors.count) }
        let place = Self.bucket(of: microseconds)
        counts[place] = Self.sum(counts[place], 1)
    }

    package mutating func record(_ duration: Duration) {
        record(microseconds: duration.wholeMicroseconds)
    }

    /// Adds another histogram's counts.
    package mutating func merge(_ other: LatencyHistogram) {
        guard !other.isEmpty else { return }
        guard !isEmpty else {
            self = other
            return
        }
        for place in counts.indices { counts[place] = Self.sum(counts[place], other.counts[place]) }
    }

    /// The value below or at which this share of all values lies, in microseconds; `nil` if there are none.
    package func quantile(_ share: Double) -> Int64? {
        let total = total
        guard total > 0 else { return nil }
        let wanted = min(max(share, 0), 1) * Double(total)
        var seen = 0
        for (place, count) in counts.enumerated() where count > 0 {
            seen = Self.sum(seen, count)
            if Double(seen) >= wanted { return Self.middle(of: place) }
        }
        return nil
    }

    private static func middle(of place: Int) -> Int64 {
        guard place > 0 else { return 1 }
        guard place + 1 < floors.count else { return floors[place] }
        return Int64((Double(floors[place]) * Double(floors[place + 1] - 1)).squareRoot().rounded())
    }

    /// The last bucket whose floor is not above the value.
    private static func bucket(of microseconds: Int64) -> Int {
        var (low, high) = (0, floors.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if floors[middle] <= microseconds { low = middle } else { high = middle }
        }
        return low
    }

    private static func sum(_ one: Int, _ other: Int) -> Int {
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension LatencyHistogram {
    /// The form in which the store keeps it: `bucket:count` of each bucket that holds something, with blanks between.
    ///
    /// The numbers of the buckets are part of the schema: they mean the same for ever.
    package var text: String {
        counts.enumerated().filter { $0.element > 0 }.map { "\($0.offset):\($0.element)" }.joined(separator: " ")
    }

    /// Reads ``text``, or answers `nil` for anything it would not write.
    package init?(_ text: String) {
        guard !text.isEmpty else { return }
        guard text.utf8.count <= Self.floors.count * 24 else { return nil }
        counts = [Int](repeating: 0, count: Self.floors.count)
        var last = -1
        for entry in text.split(separator: " ", omittingEmptySubsequences: false) {
            let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let place = Self.number(parts[0]), let count = Self.number(parts[1]), place > last,
                place < counts.count, count > 0
            else { return nil }
            counts[place] = count
            last = place
        }
    }

    private static func number(_ digits: Substring) -> Int? {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.first == "0" && digits.utf8.count > 1 ? nil : Int(digits)
    }
}
