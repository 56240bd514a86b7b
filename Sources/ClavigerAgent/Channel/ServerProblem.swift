import ClavigerWire
import NIOHTTP1
import StrictJSON
import Transport

/// What the configured server said when it refused a request.
///
/// A code counts only in a problem document of a 4xx answer: a 5xx, a proxy's page or a bare 401 says nothing about a
/// token.
struct ServerProblem: Sendable {
    let status: Int
    let code: ErrorCode?
    let detail: String?
    let retryAfter: Duration?

    init(_ answer: HTTPAnswer) {
        status = answer.status
        retryAfter = answer.headers.first(name: "Retry-After").flatMap { Int64($0) }.flatMap {
            $0 >= 0 ? .seconds($0) : nil
        }
        let type = answer.headers.first(name: "Content-Type")?.prefix { $0 != ";" }.lowercased()
        let decoder = StrictJSONDecoder(unknownFields: .ignore)
        guard type == ProblemDetails.mediaType, (400..<500).contains(answer.status),
            let problem = try? decoder.decode(ProblemDetails.self, from: answer.body)
        else {
            code = nil
            detail = nil
            return
        }
        code = problem.code
        detail = problem.detail
    }

    /// Whether trying again soon can't help: a person has to act first.
    var asksForLongWait: Bool {
        switch code {
        case ErrorCode.suspendedToken, ErrorCode.blocked, ErrorCode.agentPaused, ErrorCode.expiredToken,
            ErrorCode.rotatedOutToken, ErrorCode.wrongCredentialKind:
            true
        default: false
        }
    }
}
