/// Body of the requests that name an organization or a workspace.
public struct PlaceNameRequest: Codable, Sendable, Equatable {
    /// Name, 1 to 64 characters.
    public var name: String

    /// Makes it from its fields.
    public init(name: String) {
        self.name = name
    }

    private enum CodingKeys: String, CodingKey {
        case name
    }
}
