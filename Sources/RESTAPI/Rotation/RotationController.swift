import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Rotation of agent tokens.
struct RotationController: Sendable {
    let rotations: RotationService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(agent: .post, .rotateAgentToken, .authenticated(.agentsRotate, rotate)),
            Route(agent: .get, .agentRotation, .authenticated(.agentsRead, current)),
            Route(agent: .delete, .agentRotation, .authenticated(.agentsCancelRotation, cancel)),
            Route(agent: .post, .endGrace, .authenticated(.agentsEndGrace, endGrace)),
        ]
    }

    /// 200 if the agent has the new token, 202 if it waits; a failure of the agent comes as 502 (ROT-15).
    private func rotate(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(RotateTokenRequest.self, from: request, limits: limits)
        guard (0...300).contains(body.value.waitSeconds ?? 0) else {
            throw HTTPProblem.invalid("/wait_seconds", "Must be a whole number from 0 to 300.")
        }
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        let wanted = RotationRequest(
            mode: RotationMode(body.value.mode ?? .graceful),
            reason: try Fields.reason(body.value.reason),
            waitSeconds: body.value.waitSeconds,
            requireConnected: body.value.requireConnected ?? false,
            isConfirmed: body.value.confirm ?? false
        )
        let need = IdempotencyService.Need(.agentsRotate, as: "rotation.request", target: .agent(id))
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let receipt = try await rotations.rotate(id, request: wanted, caller: context.caller)
            let answer = RotateTokenResponse(receipt)
            return try IdempotentAnswer(answer, replay: answer, status: receipt.agentNotified ? .ok : .accepted)
        }
    }

    private func current(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        return try JSONAnswer.make(RotationResponse(try await rotations.current(id, caller: context.caller)))
    }

    private func cancel(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        return try JSONAnswer.make(RotationResponse(try await rotations.cancel(id, caller: context.caller)))
    }

    private func endGrace(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(AgentActionRequest.self, from: request, limits: limits)
        let id: AgentID = try Fields.id(context.request.parameters, "agent")
        let reason = try Fields.reason(body.value.reason)
        let ended = try await rotations.endGrace(id, reason: reason, caller: context.caller)
        return try JSONAnswer.make(EndGraceResponse(ended: ended))
    }
}

extension RotationMode {
    init(_ name: RotationModeName) {
        switch name {
        case .graceful: self = .graceful
        case .immediate: self = .immediate
        case .force: self = .force
        }
    }
}

extension RotateTokenResponse {
    init(_ receipt: RotationReceipt) {
        self.init(
            rotationID: receipt.rotationID.text,
            agentNotified: receipt.agentNotified,
            state: RotationStateName(receipt.state),
            mode: RotationModeName(receipt.mode),
            gracePeriodSeconds: Int64(receipt.gracePeriodSeconds),
            tokenExpiresAt: receipt.tokenExpiresAt?.rfc3339,
            message: receipt.sentence
        )
    }
}

extension RotationReceipt {
    /// How far the rotation came within the wait, for people.
    fileprivate var sentence: String {
        switch state {
        case .stored, .promoted: "Token rotated and agent notified"
        case .requested: "Token rotated. Agent will use new token on next connection."
        case .issued: "A new token was issued; the agent has not answered yet."
        case .delivered: "The new token was delivered; the agent has not answered yet."
        case .cancelled: "The rotation was cancelled meanwhile."
        case .failed: "The rotation failed; the agent could not take the new token."
        case .expired: "The rotation ended without the agent's answer."
        }
    }
}

extension RotationModeName {
    init(_ mode: RotationMode) {
        switch mode {
        case .graceful: self = .graceful
        case .immediate: self = .immediate
        case .force: self = .force
        }
    }
}

extension RotationStateName {
    init(_ state: RotationState) {
        switch state {
        case .requested: self = .requested
        case .issued: self = .issued
        case .delivered: self = .delivered
        case .stored: self = .stored
        case .promoted: self = .promoted
        case .cancelled: self = .cancelled
        case .failed: self = .failed
        case .expired: self = .expired
        }
    }
}

extension RotationOriginName {
    init(_ origin: RotationOrigin) {
        switch origin {
        case .operator: self = .operator
        case .scheduler: self = .scheduler
        case .renewal: self = .renewal
        }
    }
}

extension RotationResponse {
    init(_ view: RotationView) {
        let rotation = view.rotation
        self.init(
            id: rotation.id.text,
            agentID: rotation.agentID.text,
            credentialID: rotation.credentialID.text,
            mode: RotationModeName(rotation.mode),
            state: RotationStateName(rotation.state),
            origin: RotationOriginName(rotation.origin),
            requestedBy: rotation.requestedBy.id,
            reason: rotation.reason,
            attempt: rotation.attempt,
            failures: view.failures,
            error: rotation.error,
            requestedAt: rotation.requestedAt.rfc3339,
            issuedAt: rotation.issuedAt?.rfc3339,
            deliveredAt: rotation.deliveredAt?.rfc3339,
            storedAt: rotation.storedAt?.rfc3339,
            promotedAt: rotation.promotedAt?.rfc3339,
            endedAt: rotation.endedAt?.rfc3339,
            deadline: rotation.deadline?.rfc3339,
            nextAttemptAt: view.nextAttemptAt?.rfc3339
        )
    }
}
