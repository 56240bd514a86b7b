/// All windows and the quota of one subject on one node (LIM-1, LIM-2, LIM-4).
///
/// A call is counted in all of them or in none. Every window counts always, also where no limit is set, so that a limit
/// that is set later finds what was used. A pure value of fixed size: an allowed call allocates nothing.
package struct LimitState: Hashable, Sendable {
    /// The limits that hold; they may be exchanged at any time, what was counted stays.
    package var limits: EffectiveLimits
    private var burst = SlidingWindow(length: .seconds(1))
    private var minute = SlidingWindow(length: .minutes(1))
    private var hour = SlidingWindow(length: .hours(1))
    private var day = SlidingWindow(length: .days(1))
    private var month = QuotaWindow()

    package init(limits: EffectiveLimits) { self.limits = limits }

    /// Takes units if every limit has room for them; else tells which has not and when it will.
    package mutating func take(_ cost: LimitCost = .one, at now: Instant) -> LimitDecision {
        let units = cost.units
        var left = remainder(at: now)
        guard Self.holds(units, left) else { return .refused(refusal(units, left, at: now)) }
        guard units > 0 else { return .allowed(LimitAllowance(left: left, raised: nil)) }
        burst.add(units, at: now)
        minute.add(units, at: now)
        hour.add(units, at: now)
        day.add(units, at: now)
        let raised = month.add(units, quota: limits.figures.monthlyQuota, at: now)
        left.lower(by: units)
        return .allowed(LimitAllowance(left: left, raised: raised))
    }

    /// Whether every limit has room for so many units; takes nothing.
    package mutating func hasRoom(for cost: LimitCost, at now: Instant) -> Bool {
        Self.holds(cost.units, remainder(at: now))
    }

    /// The units that every limit has room for; `nil` if no limit is set.
    package mutating func room(at now: Instant) -> Int? {
        let left = remainder(at: now)
        return LimitKind.allCases.compactMap { left[$0] }.min()
    }

    /// Why a call was refused: a limit has no room for it, or this one, the limit of which nodes hold what is left.
    package mutating func refusal(of cost: LimitCost, withheld kind: LimitKind? = nil, at now: Instant) -> LimitRefusal
    {
        let left = remainder(at: now)
        guard let kind, Self.holds(cost.units, left) else { return refusal(cost.units, left, at: now) }
        return LimitRefusal(
            kind: kind,
            limit: limits[kind] ?? 0,
            left: left,
            availableAt: now + LimitReservations.life,
            refusedAt: now,
            isWithheld: true
        )
    }

    /// Counts units of one window alone, as they are remembered of an earlier time.
    package mutating func count(_ units: Int, of kind: LimitKind, at time: Instant) {
        switch kind {
        case .burst: burst.add(units, at: time)
        case .minute: minute.add(units, at: time)
        case .hour: hour.add(units, at: time)
        case .day: day.add(units, at: time)
        case .month: _ = month.add(units, quota: nil, at: time)
        }
    }

    /// Replaces what one window holds by what all nodes used.
    package mutating func restate(_ kind: LimitKind, current: Int, previous: Int, at now: Instant) {
        func window(_ length: Duration) -> SlidingWindow {
            var window = SlidingWindow(length: length)
            window.add(previous, at: now - length)
            window.add(current, at: now)
            return window
        }
        switch kind {
        case .burst: burst = window(.seconds(1))
        case .minute: minute = window(.minutes(1))
        case .hour: hour = window(.hours(1))
        case .day: day = window(.days(1))
        case .month: month.restate(used: current, at: now)
        }
    }

    /// The cell of a kind of limit that an instant lies in: its first instant and that of the next.
    package static func cell(_ kind: LimitKind, at now: Instant) -> Range<Instant> {
        let length: Duration
        switch kind {
        case .burst: length = .seconds(1)
        case .minute: length = .minutes(1)
        case .hour: length = .hours(1)
        case .day: length = .days(1)
        case .month:
            var month = QuotaWindow()
            return month.period(at: now)
        }
        let rest = now.microseconds.flooredQuotientAndRemainder(dividingBy: length.wholeMicroseconds).remainder
        let start = Instant(microseconds: now.microseconds - rest)
        return start..<(start + length)
    }

    /// How each limit that is set stands now, for headers and views.
    package mutating func standings(at now: Instant) -> [LimitStanding] {
        let left = remainder(at: now)
        return LimitKind.allCases.compactMap { kind in
            guard let limit = limits[kind], let left = left[kind] else { return nil }
            return LimitStanding(
                kind: kind,
                limit: limit,
                left: left,
                window: window(kind, at: now),
                fullAt: max(now, room(kind, for: limit, limit: limit, at: now) ?? now)
            )
        }
    }

    /// The threshold at which the month's quota stands, for the header of LIM-3.
    package mutating func threshold(at now: Instant) -> QuotaThreshold? {
        limits.figures.monthlyQuota.flatMap { QuotaThreshold.reached(used: month.used(at: now), quota: $0) }
    }

    private mutating func remainder(at now: Instant) -> LimitFigures {
        let figures = limits.figures
        var left = LimitFigures()
        if let limit = figures.burst { left.burst = max(0, limit - burst.used(at: now)) }
        if let limit = figures.perMinute { left.perMinute = max(0, limit - minute.used(at: now)) }
        if let limit = figures.perHour { left.perHour = max(0, limit - hour.used(at: now)) }
        if let limit = figures.perDay { left.perDay = max(0, limit - day.used(at: now)) }
        if let limit = figures.monthlyQuota { left.monthlyQuota = max(0, limit - month.used(at: now)) }
        return left
    }

    private static func holds(_ units: Int, _ left: LimitFigures) -> Bool {
        units <= left.burst ?? units && units <= left.perMinute ?? units && units <= left.perHour ?? units
            && units <= left.perDay ?? units && units <= left.monthlyQuota ?? units
    }

    private mutating func refusal(_ units: Int, _ left: LimitFigures, at now: Instant) -> LimitRefusal {
        var slowest = (kind: LimitKind.burst, limit: 0, at: Instant?.some(.earliest))
        for kind in LimitKind.allCases {
            guard let limit = limits[kind], units > left[kind] ?? units else { continue }
            let moment = room(kind, for: units, limit: limit, at: now)
            guard let known = slowest.at else { break }
            if moment.map({ $0 > known }) ?? true { slowest = (kind, limit, moment) }
        }
        return LimitRefusal(
            kind: slowest.kind,
            limit: slowest.limit,
            left: left,
            availableAt: slowest.at,
            refusedAt: now
        )
    }

    private mutating func room(_ kind: LimitKind, for units: Int, limit: Int, at now: Instant) -> Instant? {
        switch kind {
        case .burst: burst.room(for: units, limit: limit, at: now)
        case .minute: minute.room(for: units, limit: limit, at: now)
        case .hour: hour.room(for: units, limit: limit, at: now)
        case .day: day.room(for: units, limit: limit, at: now)
        case .month: month.room(for: units, quota: limit, at: now)
        }
    }

    /// The window's length; that of the month is the present month's.
    private mutating func window(_ kind: LimitKind, at now: Instant) -> Duration {
        switch kind {
        case .burst: .microseconds(burst.length)
        case .minute: .microseconds(minute.length)
        case .hour: .microseconds(hour.length)
        case .day: .microseconds(day.length)
        case .month: period(at: now)
        }
    }

    private mutating func period(at now: Instant) -> Duration {
        let period = month.period(at: now)
        return period.upperBound - period.lowerBound
    }
}

extension LimitFigures {
    /// Lowers every figure that is set.
    fileprivate mutating func lower(by units: Int) {
        if let figure = burst { burst = figure - units }
        if let figure = perMinute { perMinute = figure - units }
        if let figure = perHour { perHour = figure - units }
        if let figure = perDay { perDay = figure - units }
        if let figure = monthlyQuota { monthlyQuota = figure - units }
    }
}

/// How one limit stands.
package struct LimitStanding: Hashable, Sendable {
    package let kind: LimitKind
    package let limit: Int
    /// How many units more would be allowed now.
    package let left: Int
    package let window: Duration
    /// When the whole limit will be free again if nothing more is used.
    package let fullAt: Instant
}
