import ClavigerClient
import ClavigerServer
import ClavigerWire

extension CommandFailure {
    /// Turns any error into a failure with its exit status: the only place that does.
    package init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ConfigurationError: self.init(.badConfiguration, error.message)
        case let error as HostError: self.init(error.code == .refused ? .conflict : .badConfiguration, error.message)
        case let refusal as HostRefusal: self.init(problem: refusal.problem)
        case let error as ClavigerClientError: self.init(client: error)
        default: self.init(.failed, "\(error)")
        }
    }

    private init(client error: ClavigerClientError) {
        if let problem = error.problem {
            self.init(problem: problem)
            return
        }
        switch error.code {
        case .connectionFailed, .timedOut: self.init(.unavailable, error.message)
        case .untrustedServer:
            let advice = "--ca-file or CLAVIGER_CA_FILE names authorities to trust beside the system's"
            self.init(.unavailable, error.message, details: [advice])
        case .invalidConfiguration, .plainHTTPRefused, .invalidRequest: self.init(.invalidInput, error.message)
        default: self.init(.failed, error.message)
        }
    }

    private init(problem: ProblemDetails) {
        var details = problem.errors.map { "\($0.path): \($0.message)" }
        if let requestID = problem.requestID, problem.status >= 500 {
            details.append("request \(requestID)")
        }
        self.init(Self.status(of: problem), "\(problem.detail ?? problem.title) (\(problem.code))", details: details)
    }

    private static func status(of problem: ProblemDetails) -> ExitStatus {
        switch problem.code {
        case .rotationFailed: return .agentFailed
        case .confirmationRequired: return .usage
        default: break
        }
        return switch problem.status {
        case 401: .notSignedIn
        case 403: .denied
        case 404: .notFound
        case 409, 412: .conflict
        case 400, 413, 415, 422: .invalidInput
        case 421, 429, 502...504: .unavailable
        default: .failed
        }
    }
}
