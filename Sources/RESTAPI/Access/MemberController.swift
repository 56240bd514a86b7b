import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// The members of the organization.
struct MemberController: Sendable {
    let members: MemberService

    var routes: [Route] {
        [
            Route(.get, APIPath.members.fullTemplate, .authenticated(.membersRead, list)),
            Route(.get, APIPath.member.fullTemplate, .authenticated(.membersRead, get)),
            Route(.patch, APIPath.member.fullTemplate, .authenticated(.membersUpdate, update)),
            Route(.delete, APIPath.member.fullTemplate, .authenticated(.membersRemove, remove)),
            Route(.post, APIPath.pauseMember.fullTemplate, .authenticated(.membersPause, pause)),
            Route(.post, APIPath.resumeMember.fullTemplate, .authenticated(.membersResume, resume)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["status", "role", "q", "limit", "cursor"])
        var filter = MemberFilter()
        filter.status = try Fields.word(parameters, "status", as: MembershipStatus.self)
        filter.role = try Fields.word(parameters, "role", as: OrganizationRole.self)
        filter.text = parameters["q"]
        filter.limit = try Fields.limit(parameters)
        filter.after = try Fields.cursor(parameters)
        let page = try await members.list(filter, caller: context.caller)
        return try JSONAnswer.make(WirePage(data: page.items.map(MemberResponse.init), nextCursor: page.nextCursor))
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: MembershipID = try Fields.id(context.request.parameters, "member")
        return try JSONAnswer.make(MemberResponse(try await members.get(id, caller: context.caller)))
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdateMemberRequest.self, from: request, limits: limits).value
        let id: MembershipID = try Fields.id(context.request.parameters, "member")
        let view = try await members.update(id, MembershipPatch(body), caller: context.caller)
        return try JSONAnswer.make(MemberResponse(view))
    }

    private func pause(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason) = try await action(request, context)
        let view = try await members.pause(id, reason: reason, caller: context.caller)
        return try JSONAnswer.make(MemberResponse(view))
    }

    private func resume(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason) = try await action(request, context)
        let view = try await members.resume(id, reason: reason, caller: context.caller)
        return try JSONAnswer.make(MemberResponse(view))
    }

    private func remove(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (id, reason) = try await action(request, context)
        _ = try await members.remove(id, reason: reason, caller: context.caller)
        return JSONAnswer.empty
    }

    private func action(
        _ request: Request,
        _ context: AuthenticatedContext
    ) async throws -> (id: MembershipID, reason: String?) {
        let limits = context.request.limits
        let body = try await JSONBody.readOptional(ReasonRequest.self, from: request, limits: limits).value
        return (try Fields.id(context.request.parameters, "member"), try Fields.reason(body.reason))
    }
}

extension MembershipPatch {
    init(_ request: UpdateMemberRequest) {
        self.init()
        role = request.role
        customRole = FieldChange(request.customRoleID)
        grant = request.grant
        deny = request.deny
    }
}

extension MemberResponse {
    init(_ member: MemberView) {
        self.init(
            id: member.id.text,
            email: member.user.email,
            user: member.status.isKnown ? UserResponse(member.user) : nil,
            status: member.status.rawValue,
            role: member.role.rawValue,
            customRole: NamedReference(member.customRole),
            grant: member.overrides.granted.names,
            deny: member.overrides.denied.names,
            workspaces: member.workspaces.map(WorkspaceMembershipResponse.init),
            createdAt: member.createdAt.rfc3339
        )
    }
}

extension WorkspaceMembershipResponse {
    init(_ member: WorkspaceMemberView) {
        self.init(
            workspace: NamedReference(id: member.workspaceID.text, name: member.workspaceName),
            status: member.status.rawValue,
            role: member.role.rawValue,
            customRole: NamedReference(member.customRole),
            grant: member.overrides.granted.names,
            deny: member.overrides.denied.names
        )
    }
}

extension NamedReference {
    init?(_ role: CustomRole?) {
        guard let role else { return nil }
        self.init(id: role.id.text, name: role.name)
    }
}

extension MembershipStatus {
    /// Whether the organization knows the person; what stands in an account that was only invited isn't its business
    /// (ORG-1).
    var isKnown: Bool { self == .active || self == .paused }
}

extension PermissionSet {
    /// The members' names, sorted.
    var names: [String] { permissions.map(\.rawValue) }
}
