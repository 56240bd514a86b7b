import Domain
import Testing

@Suite("Sliding windows over two cells")
struct SlidingWindowTests {
    private static let length = Duration.seconds(60)
    private static let cell = length.wholeMicroseconds

    /// The exact log of what was admitted.
    private struct Log {
        var entries: [(at: Int64, units: Int)] = []

        func used(at now: Int64) -> Int {
            entries.reversed().prefix { $0.at > now - SlidingWindowTests.cell }.reduce(0) { $0 + $1.units }
        }

        func usedInCell(at now: Int64) -> Int {
            entries.reversed().prefix { $0.at >= now / SlidingWindowTests.cell * SlidingWindowTests.cell }
                .reduce(0) { $0 + $1.units }
        }

        func usedInCellBefore(_ now: Int64) -> Int {
            let start = now / SlidingWindowTests.cell * SlidingWindowTests.cell
            return entries.filter { $0.at < start && $0.at >= start - SlidingWindowTests.cell }
                .reduce(0) { $0 + $1.units }
        }
    }

    /// Arrival patterns: each answers the pause before the next call, in microseconds.
    private enum Traffic: CaseIterable {
        case even, random, bursts, endOfCell, hungry

        func pause(after now: Int64, _ generator: inout SeededGenerator) -> Int64 {
            let cell = SlidingWindowTests.cell
            switch self {
            case .even: return cell / 37
            case .random: return Int64.random(in: 0...cell / 10, using: &generator)
            case .bursts: return Int.random(in: 0..<30, using: &generator) == 0 ? cell * 3 / 4 : 1
            case .endOfCell:
                let left = cell - now % cell
                return left > 1000 ? left - 1000 : Int64.random(in: 1...10, using: &generator)
            case .hungry: return Int64.random(in: 1...cell / 500, using: &generator)
            }
        }
    }

    @Test("LIM-4: against the exact log the limit is never passed by more than the stated share, nor in one cell")
    func bound() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for traffic in Traffic.allCases {
            for limit in [1, 2, 7, 50, 333] {
                var window = SlidingWindow(length: Self.length)
                var log = Log()
                var now = Int64.random(in: 0...10 * Self.cell, using: &generator)
                for _ in 0..<1500 {
                    now += traffic.pause(after: now, &generator)
                    let units = Int.random(in: 1...max(1, limit / 5), using: &generator)
                    let estimate = window.used(at: Instant(microseconds: now))
                    let exact = log.used(at: now)
                    let (before, elapsed) = (log.usedInCellBefore(now), now % Self.cell)
                    #expect(estimate >= exact - before * Int(elapsed) / Int(Self.cell), "seed \(seed), \(traffic)")
                    let above = (before * Int(Self.cell - elapsed) + Int(Self.cell) - 1) / Int(Self.cell)
                    #expect(estimate <= exact + above, "seed \(seed), \(traffic)")
                    guard estimate + units <= limit else { continue }
                    window.add(units, at: Instant(microseconds: now))
                    log.entries.append((now, units))
                    #expect(log.used(at: now) <= limit + limit * Int(elapsed) / Int(Self.cell), "seed \(seed)")
                    #expect(log.usedInCell(at: now) <= limit, "seed \(seed)")
                }
            }
        }
    }

    @Test("LIM-4: the worst case is reached and not passed: 2 L - 1 units in one window", arguments: [1, 2, 10, 1000])
    func worstCase(limit: Int) {
        var window = SlidingWindow(length: Self.length)
        var log = Log()
        log.entries.append((Self.cell - 1, limit))
        window.add(limit, at: Instant(microseconds: Self.cell - 1))
        var most = 0
        let step = Int(Self.cell) / (2 * limit)
        for now in Array(stride(from: Self.cell, to: 2 * Self.cell - 2, by: step)) + [2 * Self.cell - 2] {
            while window.used(at: Instant(microseconds: now)) < limit {
                window.add(1, at: Instant(microseconds: now))
                log.entries.append((now, 1))
            }
            most = max(most, log.used(at: now))
        }
        #expect(most == 2 * limit - 1)
    }

    @Test("LIM-2: units find room exactly at the instant that is told, and not a microsecond before")
    func room() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5000 {
            let limit = Int.random(in: 0...200, using: &generator)
            var window = SlidingWindow(length: Self.length)
            var now = Instant(microseconds: Int64.random(in: -Self.cell...5 * Self.cell, using: &generator))
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                window.add(Int.random(in: 0...max(1, limit), using: &generator), at: now)
                now += .microseconds(Int64.random(in: 0...Self.cell, using: &generator))
            }
            let units = Int.random(in: 0...limit + 2, using: &generator)
            guard let moment = window.room(for: units, limit: limit, at: now) else {
                #expect(units > limit)
                continue
            }
            #expect(units <= limit && moment >= now && moment <= now + Self.length + Self.length, "seed \(seed)")
            var then = window
            #expect(then.used(at: moment) + units <= limit, "seed \(seed)")
            guard moment > now else { continue }
            var before = window
            #expect(before.used(at: moment - .microseconds(1)) + units > limit, "seed \(seed)")
        }
    }

    @Test("LIM-4: a clock that goes back gives nothing away, and all is free after two windows at the latest")
    func clockGoesBack() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var window = SlidingWindow(length: Self.length)
            var now = Instant(microseconds: 100 * Self.cell + Int64.random(in: 0..<Self.cell, using: &generator))
            for _ in 0..<20 {
                let before = window.used(at: now)
                let steps: [Int64] = [1, 1000, Self.cell / 2, Self.cell, 9 * Self.cell]
                let step = steps.randomElement(using: &generator) ?? 1
                let back = now - .microseconds(Int64.random(in: 0...step, using: &generator))
                #expect(window.used(at: back) >= before, "seed \(seed)")
                var later = window
                #expect(later.used(at: back + Self.length + Self.length) == 0, "seed \(seed)")
                now = back + .microseconds(Int64.random(in: 0...step, using: &generator))
                window.add(Int.random(in: 0...5, using: &generator), at: now)
            }
        }
    }

    @Test("LIM-1: the largest figures don't overflow")
    func largest() {
        var window = SlidingWindow(length: .days(1))
        let limit = LimitKind.day.range.upperBound
        let day = Duration.days(1).wholeMicroseconds
        window.add(limit, at: Instant(microseconds: day - 1))
        #expect(window.used(at: Instant(microseconds: day)) == limit)
        #expect(window.used(at: Instant(microseconds: day + day / 2)) == limit / 2)
        #expect(window.used(at: Instant(microseconds: 2 * day - 1)) == 1)
        #expect(window.room(for: limit, limit: limit, at: Instant(microseconds: day)) == Instant(microseconds: 2 * day))
        #expect(window.used(at: .latest) == 0)
        #expect(window.used(at: .earliest) == 0)
    }
}
