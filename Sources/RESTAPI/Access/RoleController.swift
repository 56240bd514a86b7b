import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Custom roles.
struct RoleController: Sendable {
    let roles: RoleService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.get, APIPath.roles.fullTemplate, .authenticated(.rolesRead, list)),
            Route(.post, APIPath.roles.fullTemplate, .authenticated(.rolesCreate, create)),
            Route(.get, APIPath.role.fullTemplate, .authenticated(.rolesRead, get)),
            Route(.patch, APIPath.role.fullTemplate, .authenticated(.rolesUpdate, update)),
            Route(.delete, APIPath.role.fullTemplate, .authenticated(.rolesDelete, delete)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let all = try await roles.list(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map(RoleResponse.init)))
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: CustomRoleID = try Fields.id(context.request.parameters, "role")
        return try JSONAnswer.make(RoleResponse(try await roles.get(id, caller: context.caller)))
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(CreateRoleRequest.self, from: request, limits: context.request.limits)
        let draft = CustomRoleDraft(
            name: body.value.name,
            description: body.value.description ?? "",
            permissions: body.value.permissions
        )
        let need = IdempotencyService.Need(.rolesCreate, as: "role.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let shown = RoleResponse(try await roles.create(draft, caller: context.caller))
            return try IdempotentAnswer(shown, replay: shown, status: .created)
        }
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateRoleRequest.self, from: request, limits: limits).value
        let patch = CustomRolePatch(name: body.name, description: body.description, permissions: body.permissions)
        let id: CustomRoleID = try Fields.id(context.request.parameters, "role")
        return try JSONAnswer.make(RoleResponse(try await roles.update(id, patch, caller: context.caller)))
    }

    private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await roles.delete(Fields.id(context.request.parameters, "role"), caller: context.caller)
        return JSONAnswer.empty
    }
}

extension RoleResponse {
    init(_ role: CustomRole) {
        self.init(
            id: role.id.text,
            name: role.name,
            description: role.description,
            permissions: role.permissions.names
        )
    }
}
