/// An organization.
public struct OrganizationResponse: Codable, Sendable, Equatable {
    /// Id, `org_…`.
    public var id: String
    /// Name.
    public var name: String
    /// When it was made.
    public var createdAt: String
    /// Its plan; null if none was assigned.
    public var plan: PlanSummary?

    /// Makes it from its fields.
    public init(id: String, name: String, createdAt: String, plan: PlanSummary? = nil) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.plan = plan
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case name
        case createdAt = "created_at"
        case plan
    }

    /// Writes all fields; those that have no value now but belong to the answer are written as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(name, forKey: .name)
        try container.encode(createdAt, forKey: .createdAt)
        try container.encode(plan, forKey: .plan)
    }
}
