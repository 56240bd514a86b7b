import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Workspaces and who belongs to them.
struct WorkspaceController: Sendable {
    let workspaces: WorkspaceService
    let members: WorkspaceMemberService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        let members = APIPath.workspaceMembers.fullTemplate
        let member = APIPath.workspaceMember.fullTemplate
        return [
            Route(.get, APIPath.workspaces.fullTemplate, .authenticated(.workspaceRead, list)),
            Route(.post, APIPath.workspaces.fullTemplate, .authenticated(.workspaceCreate, create)),
            Route(.get, APIPath.workspace.fullTemplate, .authenticated(.workspaceRead, get)),
            Route(.patch, APIPath.workspace.fullTemplate, .authenticated(.workspaceUpdate, rename)),
            Route(.get, members, .authenticated(.workspaceMembersRead, listMembers)),
            Route(.post, members, .authenticated(.workspaceMembersAdd, addMember)),
            Route(.patch, member, .authenticated(.workspaceMembersUpdate, updateMember)),
            Route(.delete, member, .authenticated(.workspaceMembersRemove, removeMember)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let all = try await workspaces.list(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map { WorkspaceResponse($0, context.caller) }))
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: WorkspaceID = try Fields.id(context.request.parameters, "workspace")
        return try JSONAnswer.make(
            WorkspaceResponse(try await workspaces.get(id, caller: context.caller), context.caller)
        )
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(PlaceNameRequest.self, from: request, limits: context.request.limits)
        let need = IdempotencyService.Need(.workspaceCreate, as: "workspace.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let workspace = try await workspaces.create(name: body.value.name, caller: context.caller)
            let shown = WorkspaceResponse(workspace, context.caller)
            return try IdempotentAnswer(shown, replay: shown, status: .created)
        }
    }

    private func rename(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(PlaceNameRequest.self, from: request, limits: limits).value
        let id: WorkspaceID = try Fields.id(context.request.parameters, "workspace")
        let workspace = try await workspaces.rename(id, to: body.name, caller: context.caller)
        return try JSONAnswer.make(WorkspaceResponse(workspace, context.caller))
    }

    private func listMembers(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: WorkspaceID = try Fields.id(context.request.parameters, "workspace")
        let all = try await members.list(id, caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map(WorkspaceMemberResponse.init)))
    }

    private func addMember(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(
            AddWorkspaceMemberRequest.self,
            from: request,
            limits: context.request.limits
        )
        let id: WorkspaceID = try Fields.id(context.request.parameters, "workspace")
        let target = AuditTarget(kind: "workspace", id: id.text)
        let need = IdempotencyService.Need(.workspaceMembersAdd, as: "workspace_member.add", target: target)
        let person = try PersonChoice(body.value)
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let member = try await members.add(
                person,
                to: id,
                MembershipPatch(body.value),
                caller: context.caller
            )
            let shown = WorkspaceMemberResponse(member)
            return try IdempotentAnswer(shown, replay: shown, status: .created)
        }
    }

    private func updateMember(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateWorkspaceMemberRequest.self, from: request, limits: limits).value
        let id: WorkspaceID = try Fields.id(context.request.parameters, "workspace")
        let member = try await members.update(
            Self.member(context),
            in: id,
            MembershipPatch(body),
            caller: context.caller
        )
        return try JSONAnswer.make(WorkspaceMemberResponse(member))
    }

    private func removeMember(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let id: WorkspaceID = try Fields.id(context.request.parameters, "workspace")
        try await members.remove(Self.member(context), from: id, caller: context.caller)
        return JSONAnswer.empty
    }

    private static func member(_ context: AuthenticatedContext) throws(ControlPlaneError) -> MembershipID {
        guard let id = context.request.parameters["member_id"].flatMap({ MembershipID($0) }) else {
            throw .notFound("member")
        }
        return id
    }
}

extension PersonChoice {
    init(_ request: AddWorkspaceMemberRequest) throws(HTTPProblem) {
        switch (request.memberID, request.email) {
        case (let id?, nil): self = .id(id)
        case (nil, let email?): self = .email(email)
        default: throw .invalid("/member_id", "Must be given, or email instead of it.")
        }
    }
}

extension MembershipPatch {
    init(_ request: AddWorkspaceMemberRequest) {
        self.init()
        role = request.role
        if let id = request.customRoleID { customRole = .set(id) }
        grant = request.grant
        deny = request.deny
    }

    init(_ request: UpdateWorkspaceMemberRequest) {
        self.init()
        role = request.role
        customRole = FieldChange(request.customRoleID)
        grant = request.grant
        deny = request.deny
        status = request.status
    }
}

extension WorkspaceResponse {
    init(_ workspace: WorkspaceView, _ caller: Caller) {
        self.init(
            id: workspace.id.text,
            name: workspace.name,
            createdAt: workspace.createdAt.rfc3339,
            isCurrent: workspace.id == caller.workspaceID
        )
    }
}

extension WorkspaceMemberResponse {
    init(_ member: WorkspaceMemberView) {
        self.init(
            memberID: member.memberID.text,
            email: member.user.email,
            user: member.status.isKnown ? UserResponse(member.user) : nil,
            status: member.status.rawValue,
            role: member.role.rawValue,
            customRole: NamedReference(member.customRole),
            grant: member.overrides.granted.names,
            deny: member.overrides.denied.names
        )
    }
}
