/// The limits a plan can set, from the shortest window to the longest.
package enum LimitKind: String, CaseIterable, Sendable {
    case burst
    case minute
    case hour
    case day
    case month

    /// The name of the plan's field.
    package var field: String {
        switch self {
        case .burst: "burst"
        case .minute: "per_minute"
        case .hour: "per_hour"
        case .day: "per_day"
        case .month: "monthly_quota"
        }
    }

    /// The figures a plan or an override may set; all of them fit the 15 digits of a structured field (RFC 9651 §3.3.1).
    package var range: ClosedRange<Int> { self == .month ? 0...1_000_000_000_000 : 0...1_000_000_000 }

    /// What would be accepted, in words.
    package var rangeSentence: String {
        "must be a whole number from \(range.lowerBound) to \(range.upperBound), or absent for no limit"
    }
}

/// A figure for each kind of limit; `nil` sets none.
package struct LimitFigures: Hashable, Sendable {
    /// Units in any second.
    package var burst: Int?
    package var perMinute: Int?
    package var perHour: Int?
    package var perDay: Int?
    /// Units in a calendar month (UTC).
    package var monthlyQuota: Int?

    package init(
        burst: Int? = nil,
        perMinute: Int? = nil,
        perHour: Int? = nil,
        perDay: Int? = nil,
        monthlyQuota: Int? = nil
    ) {
        self.burst = burst
        self.perMinute = perMinute
        self.perHour = perHour
        self.perDay = perDay
        self.monthlyQuota = monthlyQuota
    }

    package subscript(_ kind: LimitKind) -> Int? {
        get {
            switch kind {
            case .burst: burst
            case .minute: perMinute
            case .hour: perHour
            case .day: perDay
            case .month: monthlyQuota
            }
        }
        set {
            switch kind {
            case .burst: burst = newValue
            case .minute: perMinute = newValue
            case .hour: perHour = newValue
            case .day: perDay = newValue
            case .month: monthlyQuota = newValue
            }
        }
    }

    /// One sentence for each figure outside its range.
    package var faults: [LimitFault] {
        LimitKind.allCases.compactMap { kind in
            guard let figure = self[kind], !kind.range.contains(figure) else { return nil }
            return LimitFault(field: kind.field, message: kind.rangeSentence)
        }
    }
}

/// What is wrong with one field of a plan or an override.
package struct LimitFault: Hashable, Sendable {
    package let field: String
    package let message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}
