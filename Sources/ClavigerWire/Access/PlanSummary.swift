/// The plan of an organization with its limits; a limit that is null does not hold.
public struct PlanSummary: Codable, Sendable, Equatable {
    /// Id, `pln_…`.
    public var id: String
    /// Name.
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
        id: String,
        name: String,
        burst: Int? = nil,
        perMinute: Int? = nil,
        perHour: Int? = nil,
        perDay: Int? = nil,
        monthlyQuota: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.burst = burst
        self.perMinute = perMinute
        self.perHour = perHour
        self.perDay = perDay
        self.monthlyQuota = monthlyQuota
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case burst
        case perMinute = "per_minute"
        case perHour = "per_hour"
        case perDay = "per_day"
        case monthlyQuota = "monthly_quota"
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(burst, forKey: .burst)
        try container.encode(perMinute, forKey: .perMinute)
        try container.encode(perHour, forKey: .perHour)
        try container.encode(perDay, forKey: .perDay)
        try container.encode(monthlyQuota, forKey: .monthlyQuota)
    }
}
