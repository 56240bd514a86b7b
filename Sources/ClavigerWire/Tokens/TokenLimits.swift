/// Limits of a token's own, which stand instead of its plan's; one that is absent is the plan's.
///
/// Narrower ones are for whoever may change the token; wider ones than the plan's need `org:manage`.
public struct TokenLimits: Codable, Sendable, Equatable {
    /// Calls in any second.
    public var burst: Int?
    /// Calls in any minute.
    public var perMinute: Int?
    /// Calls in any hour.
    public var perHour: Int?
    /// Calls in any day.
    public var perDay: Int?
    /// Calls in a calendar month, UTC.
    public var monthlyQuota: Int?

    /// Makes it from its fields.
    public init(
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

    private enum CodingKeys: String, CodingKey {
        case burst
        case perMinute = "per_minute"
        case perHour = "per_hour"
        case perDay = "per_day"
        case monthlyQuota = "monthly_quota"
    }
}
