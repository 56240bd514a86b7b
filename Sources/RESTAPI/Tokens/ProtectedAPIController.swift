import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// The APIs whose callers an organization has Claviger check.
struct ProtectedAPIController: Sendable {
    let apis: ProtectedAPIService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.post, APIPath.protectedAPIs.fullTemplate, .authenticated(.protectedAPIsCreate, create)),
            Route(.get, APIPath.protectedAPIs.fullTemplate, .authenticated(.protectedAPIsRead, list)),
            Route(.get, APIPath.protectedAPI.fullTemplate, .authenticated(.protectedAPIsRead, get)),
            Route(.patch, APIPath.protectedAPI.fullTemplate, .authenticated(.protectedAPIsUpdate, update)),
            Route(.delete, APIPath.protectedAPI.fullTemplate, .authenticated(.protectedAPIsDelete, delete)),
        ]
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(CreateProtectedAPIRequest.self, from: request, limits: limits)
        let need = IdempotencyService.Need(.protectedAPIsCreate, as: "protected_api.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            var draft = ProtectedAPIDraft(name: body.value.name, audience: body.value.audience)
            draft.requiredScopes = body.value.requiredScopes ?? []
            if let kinds = body.value.acceptedKinds { draft.acceptedKinds = kinds }
            let answer = ProtectedAPIResponse(try await apis.create(draft, caller: context.caller))
            return try IdempotentAnswer(answer, replay: answer, status: .created)
        }
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let found = try await apis.list(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: found.map(ProtectedAPIResponse.init)))
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        return try JSONAnswer.make(
            ProtectedAPIResponse(try await apis.get(Self.id(context), caller: context.caller))
        )
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateProtectedAPIRequest.self, from: request, limits: limits).value
        let api = try await apis.update(Self.id(context), caller: context.caller) { $0.apply(body) }
        return try JSONAnswer.make(ProtectedAPIResponse(api))
    }

    private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await apis.delete(Self.id(context), caller: context.caller)
        return JSONAnswer.empty
    }

    private static func id(_ context: AuthenticatedContext) throws -> ProtectedAPIID {
        try Fields.id(context.request.parameters, "protected API")
    }
}

extension ProtectedAPIDraft {
    fileprivate mutating func apply(_ request: UpdateProtectedAPIRequest) {
        if request.name.isPresent { name = request.name.given ?? "" }
        if request.audience.isPresent { audience = request.audience.given }
        if request.requiredScopes.isPresent { requiredScopes = request.requiredScopes.given ?? [] }
        if request.acceptedKinds.isPresent {
            acceptedKinds = request.acceptedKinds.given ?? ProtectedAPIDraft(name: name).acceptedKinds
        }
    }
}

extension ProtectedAPIResponse {
    init(_ api: ProtectedAPI) {
        self.init(
            id: api.id.text,
            name: api.name,
            audience: api.audience,
            requiredScopes: api.requiredScopes.map(\.text),
            acceptedKinds: api.acceptedKinds.map(\.name).sorted()
        )
    }
}
