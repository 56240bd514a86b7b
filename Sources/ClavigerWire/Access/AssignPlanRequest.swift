/// Body of `PUT /organizations/{id}/plan`.
public struct AssignPlanRequest: Codable, Sendable, Equatable {
    /// The plan; null for none.
    public var planID: String?

    /// Makes it from its fields.
    public init(planID: String? = nil) {
        self.planID = planID
    }

    private enum CodingKeys: String, CodingKey {
        case planID = "plan_id"
    }
}
