import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Answers a POST that creates or rotates, once per `Idempotency-Key` (24 hours).
///
/// The key belongs to its caller, route and body; the path counts with the body, so that the same key on another agent
/// is refused like another body. Who may not do it any more doesn't read what it was answered either.
struct IdempotentRoute: Sendable {
    let service: IdempotencyService

    /// Carries the operation out, or answers what it was answered the first time, without the secret.
    func answer(
        _ request: Request,
        _ body: [UInt8],
        _ context: AuthenticatedContext,
        needs need: IdempotencyService.Need,
        perform: () async throws -> IdempotentAnswer
    ) async throws -> Response {
        let keys = request.headers[values: .idempotencyKey]
        guard let key = keys.first else { return try await perform().response }
        guard keys.count == 1 else { throw HTTPProblem.malformedRequest("Send at most one Idempotency-Key.") }
        let beginning = try await service.begin(
            key: key,
            route: "\(request.method.rawValue) \(context.request.template)",
            body: Array((context.request.parameters["id"] ?? "").utf8) + [0] + body,
            needs: need,
            caller: context.caller
        )
        if let (status, body) = beginning.replayed {
            return JSONAnswer.make(bytes: Array((body ?? "{}").utf8), status: HTTPResponse.Status(code: status))
        }
        guard case .fresh(let handle) = beginning else { throw HTTPProblem.internalError }
        return try await finish(handle, perform)
    }

    /// A refusal gives the key back where nothing was changed, and the request may be tried again.
    private func finish(
        _ handle: IdempotencyService.Handle,
        _ perform: () async throws -> IdempotentAnswer
    ) async throws -> Response {
        let answer: IdempotentAnswer
        do {
            answer = try await service.carryOut(handle, perform)
        } catch {
            await service.abandon(handle, after: error)
            throw error
        }
        let kept = String(decoding: answer.replay, as: UTF8.self)
        await service.complete(handle, status: answer.status.code, body: kept)
        return answer.response
    }
}

extension IdempotentAnswer {
    /// The answer with what is shown once.
    fileprivate var response: Response { JSONAnswer.make(bytes: shown, status: status) }
}
