package import ClavigerWire
package import HTTPTypes
package import StrictJSON

/// Refusals that HTTP itself asks for.
extension HTTPProblem {
    /// 401 with the challenge of RFC 6750, section 3.
    package static func unauthorized(_ code: ErrorCode, _ detail: String) -> HTTPProblem {
        HTTPProblem(.unauthorized, code, detail, headers: [.wwwAuthenticate: challenge(for: code)])
    }

    /// `WWW-Authenticate` for a 401: without an error attribute where no credential was sent.
    package static func challenge(for code: ErrorCode) -> String {
        code == .missingCredential ? "Bearer realm=\"claviger\"" : "Bearer realm=\"claviger\", error=\"invalid_token\""
    }

    package static let unknownRoute = HTTPProblem(.notFound, .notFound, "There is nothing at this address.")

    package static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> HTTPProblem {
        let list = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        return HTTPProblem(
            .methodNotAllowed,
            .methodNotAllowed,
            "This address answers \(list).",
            headers: [.allow: list]
        )
    }

    package static let unknownHost = HTTPProblem(
        .misdirectedRequest,
        .misdirectedRequest,
        "This server does not answer for that host. Use the host of the configured public_url."
    )

    package static func malformedRequest(_ detail: String) -> HTTPProblem {
        HTTPProblem(.badRequest, .invalidRequest, detail)
    }

    package static func invalid(_ path: String, _ message: String) -> HTTPProblem {
        HTTPProblem(
            .unprocessableContent,
            .invalidFields,
            "The request is not valid.",
            errors: [FieldProblem(path: path, message: message)]
        )
    }

    package static func bodyTooLarge(_ limit: Int) -> HTTPProblem {
        HTTPProblem(
            .contentTooLarge,
            .bodyTooLarge,
            "The body is longer than \(limit) bytes.",
            closesConnection: true
        )
    }

    package static let headersTooLarge = HTTPProblem(
        .requestHeaderFieldsTooLarge,
        .invalidRequest,
        "The request has too many header fields, or too long ones.",
        closesConnection: true
    )

    package static let slowBody = HTTPProblem(
        .requestTimeout,
        .requestTimeout,
        "The body did not arrive in time.",
        closesConnection: true
    )

    package static let internalError = HTTPProblem(
        .internalServerError,
        .internalError,
        "The server failed. Its log tells more under this request id."
    )

    /// What is wrong with a body: 400 if it is no JSON, 422 with the fields if it says the wrong thing.
    package init(_ error: JSONError) {
        switch error.code {
        case .duplicateName, .unknownField, .missingField, .wrongType, .invalidValue, .numberOutOfRange:
            self.init(
                .unprocessableContent,
                .invalidFields,
                "The request is not valid.",
                errors: error.faults.map { FieldProblem(path: $0.path, message: $0.message) }
            )
        default:
            self.init(.badRequest, .malformedBody, "The body is not valid JSON: \(error.message)")
        }
    }
}
