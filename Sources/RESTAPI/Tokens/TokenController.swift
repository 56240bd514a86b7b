import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Personal and service tokens: create, read, change, and what is done to them.
struct TokenController: Sendable {
    let tokens: TokenService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.post, APIPath.tokens.fullTemplate, .authenticated(.tokensCreate, create)),
            Route(.get, APIPath.tokens.fullTemplate, .authenticated(.tokensRead, list)),
            Route(.get, APIPath.token.fullTemplate, .authenticated(.tokensRead, get)),
            Route(.get, APIPath.tokenDetails.fullTemplate, .authenticated(.tokensRead, details)),
            Route(.patch, APIPath.token.fullTemplate, .authenticated(.tokensUpdate, update)),
            Route(.post, APIPath.rotateToken.fullTemplate, .authenticated(.tokensRotate, rotate)),
            Route(.post, APIPath.pauseToken.fullTemplate, .authenticated(.tokensPause, pause)),
            Route(.post, APIPath.resumeToken.fullTemplate, .authenticated(.tokensResume, resume)),
            Route(.post, APIPath.revokeToken.fullTemplate, .authenticated(.tokensRevoke, revoke)),
        ]
    }

    // MARK: Reading

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let view = try await tokens.get(Fields.id(context.request.parameters, "token"), caller: context.caller)
        return try JSONAnswer.make(TokenResponse(view))
    }

    private func details(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: CredentialID = try Fields.id(context.request.parameters, "token")
        return try JSONAnswer.make(TokenDetailsResponse(try await tokens.details(id, caller: context.caller)))
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: TokenQuery.names.union(["limit", "cursor"]))
        var query = try TokenQuery(parameters)
        query.limit = try Fields.limit(parameters)
        query.after = try Fields.cursor(parameters)
        let page = try await tokens.tokens(query, caller: context.caller)
        return try JSONAnswer.make(WirePage(data: page.items.map(TokenResponse.init), nextCursor: page.nextCursor))
    }

    // MARK: Writing

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(CreateTokenRequest.self, from: request, limits: context.request.limits)
        let need = IdempotencyService.Need(.tokensCreate, as: "token.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let draft = try APITokenDraft(body.value)
            return try .shownOnce(try await tokens.create(draft, for: .caller, caller: context.caller))
        }
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(UpdateTokenRequest.self, from: request, limits: context.request.limits)
        let id: CredentialID = try Fields.id(context.request.parameters, "token")
        let view = try await tokens.update(id, APITokenPatch(body.value), caller: context.caller)
        return try JSONAnswer.make(TokenResponse(view))
    }

    /// 200 with the new text; 202 if its owner has to collect it (ROT-13).
    private func rotate(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(RotateAPITokenRequest.self, from: request, limits: limits)
        let id: CredentialID = try Fields.id(context.request.parameters, "token")
        let grace = try TokenRotation.grace(body.value.gracePeriodSeconds)
        let reason = try Fields.reason(body.value.reason)
        let need = try await tokens.needOfRotation(id, caller: context.caller)
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            switch try await tokens.rotate(id, grace: grace, reason: reason, caller: context.caller) {
            case .rotated(let grant):
                return try .shownOnce(grant, status: .ok)
            case .required(let view, _):
                let answer = TokenSecretResponse(token: TokenResponse(view))
                return try IdempotentAnswer(answer, replay: answer, status: .accepted)
            }
        }
    }

    private func pause(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason) = try await action(request, context)
        return try JSONAnswer.make(TokenResponse(try await tokens.pause(id, reason: reason, caller: context.caller)))
    }

    private func resume(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason) = try await action(request, context)
        return try JSONAnswer.make(TokenResponse(try await tokens.resume(id, reason: reason, caller: context.caller)))
    }

    private func revoke(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason) = try await action(request, context)
        return try JSONAnswer.make(TokenResponse(try await tokens.revoke(id, reason: reason, caller: context.caller)))
    }

    /// The token and the reason of an action whose body may be left out.
    private func action(
        _ request: Request,
        _ context: AuthenticatedContext
    ) async throws -> (id: CredentialID, reason: String?) {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(ReasonRequest.self, from: request, limits: limits)
        return (try Fields.id(context.request.parameters, "token"), try Fields.reason(body.value.reason))
    }
}

extension IdempotentAnswer {
    /// A token with its text, which is null when the answer is given again.
    static func shownOnce(_ grant: TokenGrant, status: HTTPResponse.Status = .created) throws -> IdempotentAnswer {
        let shown = TokenSecretResponse(token: TokenResponse(grant.view), secret: grant.token.revealed())
        var replay = shown
        replay.secret = nil
        replay.secretAlreadyShown = true
        return try IdempotentAnswer(shown, replay: replay, status: status)
    }
}
