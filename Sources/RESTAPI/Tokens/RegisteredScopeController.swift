import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// The scopes that an organization registers for its own API.
struct RegisteredScopeController: Sendable {
    let scopes: RegisteredScopeService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.post, APIPath.registeredScopes.fullTemplate, .authenticated(.registeredScopesCreate, create)),
            Route(.get, APIPath.registeredScopes.fullTemplate, .authenticated(.registeredScopesRead, list)),
            Route(.patch, APIPath.registeredScope.fullTemplate, .authenticated(.registeredScopesUpdate, update)),
            Route(.delete, APIPath.registeredScope.fullTemplate, .authenticated(.registeredScopesDelete, delete)),
        ]
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(CreateRegisteredScopeRequest.self, from: request, limits: limits)
        let need = IdempotencyService.Need(.registeredScopesCreate, as: "registered_scope.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let scope = RegisteredScope(
                name: body.value.name,
                description: body.value.description ?? "",
                isSensitive: body.value.isSensitive ?? false,
                isAdminOnly: body.value.isAdminOnly ?? false
            )
            let answer = RegisteredScopeResponse(try await scopes.create(scope, caller: context.caller))
            return try IdempotentAnswer(answer, replay: answer, status: .created)
        }
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let found = try await scopes.list(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: found.map(RegisteredScopeResponse.init)))
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateRegisteredScopeRequest.self, from: request, limits: limits).value
        let scope = try await scopes.update(
            context.request.parameters["name"] ?? "",
            description: body.description,
            isSensitive: body.isSensitive,
            isAdminOnly: body.isAdminOnly,
            caller: context.caller
        )
        return try JSONAnswer.make(RegisteredScopeResponse(scope))
    }

    private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await scopes.delete(context.request.parameters["name"] ?? "", caller: context.caller)
        return JSONAnswer.empty
    }
}

extension RegisteredScopeResponse {
    init(_ scope: RegisteredScope) {
        self.init(
            name: scope.name,
            description: scope.description,
            isSensitive: scope.isSensitive,
            isAdminOnly: scope.isAdminOnly
        )
    }
}
