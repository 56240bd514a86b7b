import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// What the organization demands of its credentials.
struct PolicyController: Sendable {
    let policies: PolicyService

    var routes: [Route] {
        [
            Route(.get, APIPath.policy.fullTemplate, .authenticated(.policiesRead, get)),
            Route(.put, APIPath.policy.fullTemplate, .authenticated(.policiesUpdate, put)),
        ]
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        return try JSONAnswer.make(PolicyResponse(try await policies.get(caller: context.caller)))
    }

    private func put(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(PolicyRequest.self, from: request, limits: limits).value
        let policy = try await policies.put(PolicyDraft(body), version: body.version, caller: context.caller)
        return try JSONAnswer.make(PolicyResponse(policy))
    }
}

extension PolicyDraft {
    init(_ request: PolicyRequest) {
        self.init(
            maximumLifetimeDays: request.maximumLifetimeDays ?? [:],
            expiryRequired: request.expiryRequired ?? [],
            allowedScopes: request.allowedScopes ?? [:],
            serviceTokensNeedAddresses: request.serviceTokensNeedAddresses ?? false,
            maximumTokensPerOwner: request.maximumTokensPerOwner,
            rotationIntervalDays: request.rotationIntervalDays ?? [:],
            environmentOverridesKeys: request.environmentOverridesKeys
        )
    }
}

extension PolicyResponse {
    init(_ current: PolicyService.Current) {
        let draft = current.policy.draft
        self.init(
            maximumLifetimeDays: draft.maximumLifetimeDays,
            expiryRequired: draft.expiryRequired,
            allowedScopes: draft.allowedScopes,
            serviceTokensNeedAddresses: draft.serviceTokensNeedAddresses,
            maximumTokensPerOwner: draft.maximumTokensPerOwner,
            rotationIntervalDays: draft.rotationIntervalDays,
            environmentOverridesKeys: draft.environmentOverridesKeys,
            version: current.version
        )
    }
}
