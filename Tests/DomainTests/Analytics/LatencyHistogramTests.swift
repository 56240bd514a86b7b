import Domain
import Testing

@Suite("Latency histograms")
struct LatencyHistogramTests {
    private func random(_ generator: inout SeededGenerator) -> (histogram: LatencyHistogram, values: [Int64]) {
        var histogram = LatencyHistogram()
        let values = (0..<Int.random(in: 0...60, using: &generator))
            .map { _ in
                let bits = Int64.random(in: 0...25, using: &generator)
                return Int64.random(in: 1...(1 << bits), using: &generator)
            }
        for value in values { histogram.record(microseconds: value) }
        return (histogram, values)
    }

    @Test("ANA-2: a histogram has at most 64 buckets, and values from below nothing to beyond 60 s find theirs")
    func edges() {
        #expect(LatencyHistogram.bucketCount <= 64)
        for (value, told) in [
            (Int64.min, 1), (-1, 1), (0, 1), (1, 1), (2, 2), (3, 3), (60_000_000, 60_000_000), (.max, 60_000_000),
        ] as [(Int64, Int64)] {
            var histogram = LatencyHistogram()
            histogram.record(microseconds: value)
            #expect(histogram.quantile(0.5) == told && histogram.total == 1)
        }
        #expect(LatencyHistogram().quantile(0.5) == nil)
        var histogram = LatencyHistogram()
        histogram.record(.milliseconds(60_000))
        #expect(histogram.quantile(2) == 60_000_000 && histogram.quantile(-1) == 60_000_000)
    }

    @Test("ANA-2: a quantile is told with an error of at most 16 %")
    func error() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let (histogram, values) = random(&generator)
            let sorted = values.sorted()
            for share in [0.01, 0.5, 0.95, 0.99, 1] where !values.isEmpty {
                let exact = sorted[max(0, Int((share * Double(values.count)).rounded(.up)) - 1)]
                let told = try #require(histogram.quantile(share))
                #expect(abs(Double(told - exact)) <= 0.16 * Double(exact) + 0.5, "seed \(seed): \(exact), \(told)")
            }
        }
    }

    @Test("ANA-2: merging is associative and commutative, and equals recording all at once")
    func merging() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let (one, two, three) = (random(&generator), random(&generator), random(&generator))
            var left = one.histogram
            left.merge(two.histogram)
            left.merge(three.histogram)
            var right = three.histogram
            right.merge(two.histogram)
            var whole = one.histogram
            whole.merge(right)
            var all = LatencyHistogram()
            for value in one.values + two.values + three.values { all.record(microseconds: value) }
            #expect(left == whole && left == all, "seed \(seed)")
            #expect(left.total == all.total)
            #expect(LatencyHistogram(left.text) == left, "seed \(seed)")
        }
    }

    @Test("ANA-2: counts that would overflow stay at the highest number")
    func saturation() throws {
        var histogram = try #require(LatencyHistogram("5:\(Int.max)"))
        histogram.record(microseconds: 6)
        histogram.merge(histogram)
        #expect(histogram.total == .max)
        #expect(LatencyHistogram(histogram.text) == histogram)
    }

    @Test(
        "ANA-2: a text that no histogram writes is refused",
        arguments: [
            " ", "1", "1:", ":1", "1:0", "01:1", "1:01", "1:+1", "-1:1", "1:-1", "1:1 ", " 1:1", "1:1  2:1", "2:1 1:1",
            "1:1 1:1", "62:1", "999999999999999999999:1", "1:9223372036854775808", "1:1,2:1", "1:1:1", "x:1", "1:٣",
            String(repeating: "1:1 ", count: 9999),
        ]
    )
    func garbage(_ text: String) {
        #expect(LatencyHistogram(text) == nil)
    }

    @Test("ANA-2: an empty text is an empty histogram")
    func empty() {
        #expect(LatencyHistogram("") == LatencyHistogram())
        #expect(LatencyHistogram().text == "" && LatencyHistogram().isEmpty)
    }
}
