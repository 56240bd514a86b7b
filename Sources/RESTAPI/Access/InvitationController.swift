import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Invitations: made and withdrawn by administrators, accepted by whom they are for.
struct InvitationController: Sendable {
    let invitations: InvitationService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.get, APIPath.invitations.fullTemplate, .authenticated(.membersRead, list)),
            Route(.post, APIPath.invitations.fullTemplate, .authenticated(.membersInvite, create)),
            Route(.delete, APIPath.invitation.fullTemplate, .authenticated(.membersInvite, revoke)),
            Route(.post, APIPath.acceptInvitation.fullTemplate, .open(accept)),
            Route(.post, APIPath.myOrganizations.fullTemplate, .signedIn(join)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let all = try await invitations.list(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map(InvitationResponse.init)))
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(InvitationRequest.self, from: request, limits: context.request.limits)
        let draft = InvitationDraft(body.value)
        let need = IdempotencyService.Need(.membersInvite, as: "invitation.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let grant = try await invitations.invite(draft, caller: context.caller)
            let shown = CreateInvitationResponse(
                invitation: InvitationResponse(grant.invitation),
                invitationToken: grant.token.revealed(),
                invitationURL: grant.link()
            )
            var replay = shown
            replay.invitationToken = nil
            replay.invitationURL = nil
            replay.secretAlreadyShown = true
            return try IdempotentAnswer(shown, replay: replay, status: .created)
        }
    }

    private func revoke(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await invitations.revoke(Fields.id(context.request.parameters, "invitation"), caller: context.caller)
        return JSONAnswer.empty
    }

    private func accept(_ request: Request, _ context: OpenContext) async throws -> Response {
        let body = try await JSONBody.read(AcceptInvitationRequest.self, from: request, limits: context.limits).value
        let signedIn = try await invitations.accept(
            secret: body.secret,
            name: body.name,
            password: body.password,
            caller: context.anonymousCaller
        )
        return try JSONAnswer.make(SessionTokenResponse(signedIn), status: .created)
    }

    private func join(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(JoinOrganizationRequest.self, from: request, limits: limits).value
        let place = try await invitations.join(secret: body.secret, caller: context.caller)
        return try JSONAnswer.make(NamedReference(id: place.id.text, name: place.name))
    }
}

extension InvitationDraft {
    init(_ request: InvitationRequest) {
        self.init(
            email: request.email,
            role: request.role,
            customRoleID: request.customRoleID,
            workspaces: (request.workspaces ?? []).map { Workspace(id: $0.id, role: $0.role) }
        )
    }
}

extension InvitationResponse {
    init(_ invitation: InvitationView) {
        self.init(
            id: invitation.id.text,
            memberID: invitation.memberID.text,
            email: invitation.email,
            role: invitation.role.rawValue,
            customRole: NamedReference(invitation.customRole),
            workspaces: invitation.workspaces.map(WorkspaceMembershipResponse.init),
            invitedBy: invitation.invitedBy.map(TokenActorResponse.init),
            createdAt: invitation.createdAt.rfc3339,
            expiresAt: invitation.expiresAt.rfc3339
        )
    }
}
