public import StrictJSON

/// The body of every error answer (RFC 9457, `application/problem+json`).
public struct ProblemDetails: Codable, Sendable, Equatable, Error {
    /// The media type of problem details.
    public static let mediaType = "application/problem+json"

    /// A URI that names the kind of problem: `urn:claviger:problem:<code>`.
    public var type: String
    /// A few words for the kind of problem.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// A sentence about this occurrence.
    public var detail: String?
    /// The name programs decide by.
    public var code: ErrorCode
    /// Id of the request, as in the server's log.
    public var requestID: String?
    /// Faulty fields of the request, if that is the problem.
    public var errors: [FieldProblem]
    /// More, by code: `current_state`, `rotation_id`, `until`, `retry_after_seconds`.
    public var details: JSONObject

    /// Makes problem details.
    public init(
        code: ErrorCode,
        title: String,
        status: Int,
        detail: String? = nil,
        requestID: String? = nil,
        errors: [FieldProblem] = [],
        details: JSONObject = [:]
    ) {
        type = Self.typePrefix + code.rawValue
        self.title = title
        self.status = status
        self.detail = detail
        self.code = code
        self.requestID = requestID
        self.errors = errors
        self.details = details
    }

    private static let typePrefix = "urn:claviger:problem:"
    private static let ownNames: Set<String> = ["type", "title", "status", "detail", "code", "request_id", "errors"]

    private enum CodingKeys: String, CodingKey {
        case type
        case title
        case status
        case detail
        case code
        case requestID = "request_id"
        case errors
    }

    private struct DetailKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    /// Reads problem details; members that are not named by RFC 9457 or above become ``details``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.decode(ErrorCode.self, forKey: .code)
        type = try container.decodeIfPresent(String.self, forKey: .type) ?? Self.typePrefix + code.rawValue
        title = try container.decodeIfPresent(String.self, forKey: .title) ?? code.rawValue
        status = try container.decode(Int.self, forKey: .status)
        detail = try container.decodeIfPresent(String.self, forKey: .detail)
        requestID = try container.decodeIfPresent(String.self, forKey: .requestID)
        errors = try container.decodeIfPresent([FieldProblem].self, forKey: .errors) ?? []
        let all = try JSONValue(from: decoder).objectValue ?? [:]
        details = JSONObject(all.fields.filter { !Self.ownNames.contains($0.name) }.map { ($0.name, $0.value) })
    }

    /// Writes problem details, ``details`` as members of their own.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type, forKey: .type)
        try container.encode(title, forKey: .title)
        try container.encode(status, forKey: .status)
        try container.encodeIfPresent(detail, forKey: .detail)
        try container.encode(code, forKey: .code)
        try container.encodeIfPresent(requestID, forKey: .requestID)
        if !errors.isEmpty {
            try container.encode(errors, forKey: .errors)
        }
        var more = encoder.container(keyedBy: DetailKey.self)
        for field in details.fields where !Self.ownNames.contains(field.name) {
            try more.encode(field.value, forKey: DetailKey(stringValue: field.name))
        }
    }
}
