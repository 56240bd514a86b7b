/// Body of `POST /plans`; a limit that is absent does not hold.
public struct CreatePlanRequest: Codable, Sendable, Equatable {
    /// Name, 1 to 64 characters, unique on the server.
    public var name: String
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
        name: String,
        burst: Int? = nil,
        perMinute: Int? = nil,
        perHour: Int? = nil,
        perDay: Int? = nil,
        monthlyQuota: Int? = nil
    ) {
        self.name = name
        self.burst = burst
        self.perMinute = perMinute
        self.perHour = perHour
        self.perDay = perDay
        self.monthlyQuota = monthlyQuota
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case burst
        case perMinute = "per_minute"
        case perHour = "per_hour"
        case perDay = "per_day"
        case monthlyQuota = "monthly_quota"
    }
}
