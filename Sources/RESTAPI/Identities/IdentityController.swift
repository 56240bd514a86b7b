import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Machine identities for maintainers (CLI-2).
struct IdentityController: Sendable {
    let identities: IdentityService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.post, APIPath.identities.fullTemplate, .authenticated(.workspaceManage, create)),
            Route(.get, APIPath.identities.fullTemplate, .authenticated(.workspaceManage, list)),
            Route(.get, APIPath.identity.fullTemplate, .authenticated(.workspaceManage, inspect)),
            Route(.post, APIPath.rotateIdentity.fullTemplate, .authenticated(.workspaceManage, rotate)),
            Route(.post, APIPath.pauseIdentity.fullTemplate, .authenticated(.workspaceManage, pause)),
            Route(.post, APIPath.resumeIdentity.fullTemplate, .authenticated(.workspaceManage, resume)),
            Route(.post, APIPath.revokeIdentity.fullTemplate, .authenticated(.workspaceManage, revoke)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["kind", "limit", "cursor"])
        let page = try await requests(context).list(
            kind: parameters["kind"] ?? "service",
            limit: Fields.limit(parameters),
            cursor: parameters["cursor"]
        )
        return try JSONAnswer.make(page)
    }

    private func inspect(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        return try JSONAnswer.make(try await requests(context).inspect(Self.id(context)))
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(CreateIdentityRequest.self, from: request, limits: limits)
        let need = IdempotencyService.Need(.workspaceManage, as: "identity.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            try Self.shownOnce(try await requests(context).create(body.value), made: .created)
        }
    }

    private func rotate(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await Self.order(request, context)
        let need = IdempotencyService.Need(.workspaceManage, as: "identity.rotate")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let answer = try await requests(context).change(Self.id(context), .rotate, body.value)
            return try Self.shownOnce(answer, made: .ok)
        }
    }

    private func pause(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await change(.pause, request, context)
    }

    private func resume(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await change(.resume, request, context)
    }

    private func revoke(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await change(.revoke, request, context)
    }

    private func change(
        _ action: IdentityAction,
        _ request: Request,
        _ context: AuthenticatedContext
    ) async throws -> Response {
        let order = try await Self.order(request, context).value
        return try JSONAnswer.make(try await requests(context).change(Self.id(context), action, order))
    }

    private func requests(_ context: AuthenticatedContext) -> IdentityRequests {
        IdentityRequests(service: identities, caller: context.caller)
    }

    private static func id(_ context: AuthenticatedContext) -> String { context.request.parameters["id"] ?? "" }

    private static func order(
        _ request: Request,
        _ context: AuthenticatedContext
    ) async throws -> JSONBody.Received<IdentityActionRequest> {
        try await JSONBody.readOptional(IdentityActionRequest.self, from: request, limits: context.request.limits)
    }

    private static func shownOnce(
        _ answer: IdentityChangeResponse,
        made status: HTTPResponse.Status
    ) throws -> IdempotentAnswer {
        var replay = answer
        if answer.secret != nil { (replay.secret, replay.secretAlreadyShown) = (nil, true) }
        return try IdempotentAnswer(answer, replay: replay, status: answer.dryRun ? .ok : status)
    }
}
