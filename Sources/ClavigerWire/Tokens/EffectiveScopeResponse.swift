/// What one scope of a token is worth now.
public struct EffectiveScopeResponse: Codable, Sendable, Equatable {
    /// The scope.
    public var scope: String
    /// Whether it gives anything.
    public var isInForce: Bool
    /// The permissions it gives at least a part of.
    public var permissions: [String]
    /// What it asks for and the owner does not hold.
    public var beyondOwner: [String]
    /// What the owner holds and the organization's policy takes away.
    public var deniedByPolicy: [String]

    /// Makes it from its fields.
    public init(
        scope: String,
        isInForce: Bool,
        permissions: [String],
        beyondOwner: [String],
        deniedByPolicy: [String]
    ) {
        self.scope = scope
        self.isInForce = isInForce
        self.permissions = permissions
        self.beyondOwner = beyondOwner
        self.deniedByPolicy = deniedByPolicy
    }

    private enum CodingKeys: String, CodingKey {
        case scope
        case isInForce = "is_in_force"
        case permissions
        case beyondOwner = "beyond_owner"
        case deniedByPolicy = "denied_by_policy"
    }
}
