import Domain
import Testing

@Suite("Monthly quotas")
struct QuotaWindowTests {
    private func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    @Test(
        "LIM-1: a month is the calendar's, in UTC",
        arguments: [
            ("2026-11-21T14:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("2026-12-31T23:59:59.999999Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2024-02-29T12:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"),
            ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"),
            ("1969-12-31T23:59:59Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ]
    )
    func months(_ now: String, _ first: String, _ next: String) throws {
        var window = QuotaWindow()
        #expect(window.period(at: try instant(now)) == (try instant(first))..<(try instant(next)))
    }

    @Test("LIM-1: a quota is whole again with the first microsecond of the next month")
    func reset() throws {
        var window = QuotaWindow()
        let last = try instant("2026-11-30T23:59:59.999999Z")
        let next = try instant("2026-12-01T00:00:00Z")
        _ = window.add(10, quota: 10, at: last)
        #expect(window.used(at: last) == 10)
        #expect(window.room(for: 1, quota: 10, at: last) == next)
        #expect(window.room(for: 0, quota: 10, at: last) == last)
        #expect(window.room(for: 11, quota: 10, at: last) == nil)
        #expect(window.used(at: next) == 0)
    }

    @Test("LIM-3: 80, 95 and 100 % are raised once per month each", arguments: [1, 10, 20, 100, 12_345])
    func warnings(quota: Int) throws {
        var window = QuotaWindow()
        for month in ["2026-11-05T00:00:00Z", "2026-12-05T00:00:00Z"] {
            let now = try instant(month)
            var raised: [QuotaThreshold] = []
            for used in 1...quota {
                guard let threshold = window.add(1, quota: quota, at: now) else { continue }
                raised.append(threshold)
                #expect(used * 100 >= threshold.rawValue * quota && (used - 1) * 100 < threshold.rawValue * quota)
            }
            #expect(raised.last == .full && Set(raised).count == raised.count && raised == raised.sorted())
            if quota >= 20 { #expect(raised == QuotaThreshold.allCases) }
            #expect(window.add(0, quota: quota, at: now) == nil)
            #expect(window.add(1, quota: quota, at: now) == nil)
        }
    }

    @Test("LIM-3: one call that passes several thresholds raises the highest; a changed quota raises none again")
    func jumps() throws {
        var window = QuotaWindow()
        let now = try instant("2026-11-05T00:00:00Z")
        #expect(window.add(79, quota: 100, at: now) == nil)
        #expect(window.add(17, quota: 100, at: now) == .ninetyFive)
        #expect(window.add(70, quota: 200, at: now) == nil)
        #expect(window.add(34, quota: 200, at: now) == .full)
        #expect(window.add(1, quota: nil, at: now) == nil)
    }

    @Test("LIM-4: a clock set back over the end of a month gives no quota twice and locks nobody out")
    func clockGoesBack() throws {
        var window = QuotaWindow()
        let november = try instant("2026-11-30T23:59:59Z")
        let december = try instant("2026-12-01T00:00:01Z")
        _ = window.add(10, quota: 10, at: november)
        _ = window.add(3, quota: 10, at: december)
        #expect(window.used(at: november) == 3, "a small step goes on with December")
        #expect(window.used(at: december) == 3)
        #expect(window.used(at: try instant("2026-11-20T00:00:00Z")) == 13, "a large step takes all along")
        #expect(window.used(at: december) == 0)
        _ = window.add(4, quota: 10, at: try instant("2027-08-01T00:00:00Z"))
        #expect(window.used(at: try instant("2026-12-05T00:00:00Z")) == 4)
        #expect(window.room(for: 7, quota: 10, at: december) == (try instant("2027-01-01T00:00:00Z")))
    }
}
