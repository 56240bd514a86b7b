/// Body of `POST /organizations`.
public struct CreateOrganizationRequest: Codable, Sendable, Equatable {
    /// Name, 1 to 64 characters.
    public var name: String
    /// Address of the first owner, who is invited.
    public var ownerEmail: String

    /// Makes it from its fields.
    public init(name: String, ownerEmail: String) {
        self.name = name
        self.ownerEmail = ownerEmail
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case ownerEmail = "owner_email"
    }
}
