package import ClavigerWire
package import HTTPTypes
package import StrictJSON

/// A refusal on its way to the caller: status, code, a sentence, and what RFC 9457 lets us add.
package struct HTTPProblem: Error, Sendable {
    package let status: HTTPResponse.Status
    package let code: ErrorCode
    package let detail: String
    /// Faulty fields: JSON Pointers into the body, or names of query parameters and headers.
    package var errors: [FieldProblem]
    /// What programs want to know besides the code; they become members of the problem.
    package var details: JSONObject
    package var headers: HTTPFields
    /// Whether the connection can't be used for another request.
    package var closesConnection: Bool

    package init(
        _ status: HTTPResponse.Status,
        _ code: ErrorCode,
        _ detail: String,
        errors: [FieldProblem] = [],
        details: JSONObject = JSONObject(),
        headers: HTTPFields = [:],
        closesConnection: Bool = false
    ) {
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.details = details
        self.headers = headers
        self.closesConnection = closesConnection
    }
}
