/// What one scope of a token is worth now.
public struct ScopeLine: Codable, Sendable, Equatable {
    /// The scope.
    public var scope: String
    /// Whether it is a whole resource.
    public var isBroad: Bool
    /// Whether it gives anything.
    public var isInForce: Bool
    /// Permissions that it gives at least a part of.
    public var gives: [String]
    /// What it asks for and the owner doesn't hold.
    public var beyondOwner: [String]
    /// What the owner holds and policy takes away.
    public var deniedByPolicy: [String]

    /// Makes it from its fields.
    public init(
        scope: String,
        isBroad: Bool,
        isInForce: Bool,
        gives: [String],
        beyondOwner: [String],
        deniedByPolicy: [String]
    ) {
        self.scope = scope
        self.isBroad = isBroad
        self.isInForce = isInForce
        self.gives = gives
        self.beyondOwner = beyondOwner
        self.deniedByPolicy = deniedByPolicy
    }

    private enum CodingKeys: String, CodingKey {
        case scope
        case isBroad = "is_broad"
        case isInForce = "is_in_force"
        case gives
        case beyondOwner = "beyond_owner"
        case deniedByPolicy = "denied_by_policy"
    }
}
