import ClavigerWire
package import ControlPlane
import Domain
import HTTPTypes
import StrictJSON

/// Counts the requests of tokens at Claviger's own routes: against their limits before, into their usage after.
package struct TokenMeter: Sendable {
    private let service: VerificationService

    package init(service: VerificationService) {
        self.service = service
    }

    /// The fields that tell how the limits stand; a problem with 429 if one is reached.
    func take(_ credential: BearerCredential, _ caller: Caller) async throws -> HTTPFields {
        guard let outcome = try await service.meter(bearer: credential.token, caller: caller) else { return [:] }
        var fields = HTTPFields()
        for (name, value) in outcome.headers?.fields ?? [] {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        if let threshold = outcome.threshold { fields[.quotaWarning] = String(threshold.rawValue) }
        guard case .refused(let refusal) = outcome.decision else { return fields }
        var problem = HTTPProblem(
            .tooManyRequests,
            ErrorCode(rawValue: refusal.code.rawValue),
            "The token's limit of \(refusal.limit) (\(refusal.kind.rawValue)) is reached.",
            details: [
                "limit": .string(refusal.kind.rawValue), "retry_after_seconds": .integer(refusal.retryAfterSeconds),
                "resets_at": (outcome.headers?.resetsAt.rfc3339).map { .string($0) } ?? .null,
            ]
        )
        problem.headers = fields
        throw problem
    }

    /// Remembers what came of a request.
    func note(_ visit: Visit, _ method: HTTPRequest.Method, took elapsed: Duration) {
        guard let caller = visit.caller else { return }
        service.note(
            caller,
            endpoint: "\(method.rawValue):\(visit.template)",
            outcome: visit.code ?? "ok",
            address: visit.address,
            took: elapsed
        )
    }
}
