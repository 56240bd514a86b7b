/// Body of `PATCH /plans/{id}`: what is absent stays, `null` lifts a limit.
public struct UpdatePlanRequest: Codable, Sendable, Equatable {
    /// Name, 1 to 64 characters, unique on the server.
    public var name: String?
    /// Calls in any second.
    public var burst: PatchField<Int> = .absent
    /// Calls in any minute.
    public var perMinute: PatchField<Int> = .absent
    /// Calls in any hour.
    public var perHour: PatchField<Int> = .absent
    /// Calls in any day.
    public var perDay: PatchField<Int> = .absent
    /// Calls in a calendar month, UTC.
    public var monthlyQuota: PatchField<Int> = .absent

    /// Makes it from its fields.
    public init(
        name: String? = nil,
        burst: PatchField<Int> = .absent,
        perMinute: PatchField<Int> = .absent,
        perHour: PatchField<Int> = .absent,
        perDay: PatchField<Int> = .absent,
        monthlyQuota: PatchField<Int> = .absent
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

    /// Reads the fields that are present.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        burst = try container.patch(Int.self, forKey: .burst)
        perMinute = try container.patch(Int.self, forKey: .perMinute)
        perHour = try container.patch(Int.self, forKey: .perHour)
        perDay = try container.patch(Int.self, forKey: .perDay)
        monthlyQuota = try container.patch(Int.self, forKey: .monthlyQuota)
    }

    /// Writes the fields that are present.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(name, forKey: .name)
        try container.encode(patch: burst, forKey: .burst)
        try container.encode(patch: perMinute, forKey: .perMinute)
        try container.encode(patch: perHour, forKey: .perHour)
        try container.encode(patch: perDay, forKey: .perDay)
        try container.encode(patch: monthlyQuota, forKey: .monthlyQuota)
    }
}
