/// One faulty field of a request.
public struct FieldProblem: Codable, Sendable, Equatable {
    /// JSON Pointer of the field in the body, or the name of a query parameter.
    public var path: String
    /// A sentence that says what would be right.
    public var message: String

    /// Makes it from its fields.
    public init(path: String, message: String) {
        self.path = path
        self.message = message
    }

    private enum CodingKeys: String, CodingKey {
        case path
        case message
    }
}
