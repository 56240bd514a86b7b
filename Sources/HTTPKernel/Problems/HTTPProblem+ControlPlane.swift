import ClavigerWire
package import ControlPlane
import Domain
import HTTPTypes
import StrictJSON

/// The one place where what a use case says becomes a status.
extension HTTPProblem {
    /// The answer to any error that came up while a request was handled.
    package init(mapping error: any Error) {
        switch error {
        case let problem as HTTPProblem: self = problem
        case let error as ControlPlaneError: self.init(error)
        case let error as JSONError: self.init(error)
        default: self = .internalError
        }
    }

    /// The answer to a use case's error.
    package init(_ error: ControlPlaneError) {
        let code = ErrorCode(rawValue: error.code.rawValue)
        let status = Self.status(of: error.code)
        let pairs = error.details.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.init(
            status,
            code,
            error.message,
            errors: error.fields.map { FieldProblem(path: $0.path, message: $0.message) },
            details: JSONObject(pairs)
        )
        if status == .unauthorized { headers[.wwwAuthenticate] = Self.challenge(for: code) }
        if let seconds = error.details["retry_after_seconds"]?.integerValue {
            headers[.retryAfter] = "\(seconds)"
        } else if status == .serviceUnavailable {
            headers[.retryAfter] = "1"
        }
    }

    /// 401 who can't be told, 403 who may not, 404 what isn't there, 409 another state, 422 what can't be accepted,
    /// 429 too often, 502 the agent failed, 503 it can't be checked now.
    static func status(of code: ControlPlaneError.Code) -> HTTPResponse.Status {
        switch code {
        case .missingCredential, .invalidToken, .expiredToken, .revokedToken, .rotatedOutToken, .suspendedToken,
            .wrongCredentialKind, .invalidCredentials, .proofFailed:
            .unauthorized
        case .blocked, .permissionDenied, .permissionExceedsOwner, .membershipInactive, .insufficientScope,
            .addressNotAllowed:
            .forbidden
        case .notFound: .notFound
        case .agentNotPending, .agentPending, .agentPaused, .agentRevoked, .agentNotConnected, .illegalTransition,
            .rotationInProgress, .previousTokenInGrace, .noRotation, .installTokenUsed, .slugTaken, .nameTaken,
            .idempotencyKeyInUse, .versionConflict, .setupDone, .lastOwner:
            .conflict
        case .invalidFields, .idempotencyKeyReused, .confirmationRequired: .unprocessableContent
        case .tooManyAttempts, .rateLimitExceeded, .quotaExhausted: .tooManyRequests
        case .rotationFailed: .badGateway
        case .unavailable, .overloaded: .serviceUnavailable
        default: .internalServerError
        }
    }
}
