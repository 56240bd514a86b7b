/// How much was asked for within one limit's window, and the limit under which it would have passed (LIM-5).
///
/// It is made from calls by minute, admitted or refused, so that a call counts as one unit whatever it cost.
package struct LimitAdvice: Hashable, Sendable {
    /// Calls of one minute.
    package struct Minute: Hashable, Sendable {
        /// The first instant of the minute.
        package let start: Instant
        package let calls: Int
        /// Those that a limit refused.
        package let refused: Int

        package init(start: Instant, calls: Int, refused: Int) {
            self.start = start
            self.calls = calls
            self.refused = refused
        }
    }

    package let kind: LimitKind
    package let limit: Int
    /// The most calls in one window; `nil` for a second, which minutes don't tell.
    package let peak: Int?
    /// What to set instead; `nil` if the limit was wide enough.
    package let suggested: Int?

    /// One line for each limit that is set, from the shortest window to the longest.
    ///
    /// The suggestion leaves a quarter above the peak and has two digits that count. The limit of a second is suggested
    /// to be twice as wide if calls were refused and no other limit explains it. `minutes` are sorted by their start.
    package static func lines(_ minutes: [Minute], limits: EffectiveLimits) -> [LimitAdvice] {
        let longer = LimitKind.allCases.filter { $0 != .burst }
            .compactMap { kind -> LimitAdvice? in
                guard let limit = limits[kind] else { return nil }
                let peak = peak(minutes, kind)
                let suggested = peak > limit ? min(rounded(peak + (peak + 3) / 4), kind.range.upperBound) : nil
                return LimitAdvice(kind: kind, limit: limit, peak: peak, suggested: suggested)
            }
        guard let burst = limits[.burst] else { return longer }
        let isExplained = longer.contains { $0.suggested != nil } || minutes.allSatisfy { $0.refused == 0 }
        let wider = min(rounded(max(2 * burst, 1)), LimitKind.burst.range.upperBound)
        let first = LimitAdvice(kind: .burst, limit: burst, peak: nil, suggested: isExplained ? nil : wider)
        return [first] + longer
    }

    /// The most calls in any stretch of the window's length; of a calendar month in a month.
    private static func peak(_ minutes: [Minute], _ kind: LimitKind) -> Int {
        var (most, sum, first) = (0, 0, 0)
        for minute in minutes {
            sum += minute.calls
            while !belongs(minutes[first].start, to: minute.start, kind) {
                sum -= minutes[first].calls
                first += 1
            }
            most = max(most, sum)
        }
        return most
    }

    private static func belongs(_ earlier: Instant, to later: Instant, _ kind: LimitKind) -> Bool {
        let cell = LimitState.cell(kind, at: later)
        if kind == .month { return cell.contains(earlier) }
        return later - earlier < cell.upperBound - cell.lowerBound
    }

    private static func rounded(_ figure: Int) -> Int {
        var step = 1
        while figure / step >= 100 { step *= 10 }
        return (figure + step - 1) / step * step
    }
}
