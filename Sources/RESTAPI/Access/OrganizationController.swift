import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Organizations: the caller's own, and for server administrators all of them.
struct OrganizationController: Sendable {
    let organizations: OrganizationService
    let plans: PlanService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.get, APIPath.myOrganizations.fullTemplate, .signedIn(mine)),
            Route(.get, APIPath.organization.fullTemplate, .authenticated(.orgRead, current)),
            Route(.patch, APIPath.organization.fullTemplate, .authenticated(.orgUpdate, rename)),
            Route(.get, APIPath.organizations.fullTemplate, .authenticated(.organizationsRead, all)),
            Route(.post, APIPath.organizations.fullTemplate, .authenticated(.organizationsCreate, create)),
            Route(.get, APIPath.serverOrganization.fullTemplate, .authenticated(.organizationsRead, get)),
            Route(.put, APIPath.organizationPlan.fullTemplate, .authenticated(.plansUpdate, assign)),
        ]
    }

    private func mine(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let all = try await organizations.mine(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map(OwnOrganizationResponse.init)))
    }

    private func current(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        return try JSONAnswer.make(OrganizationResponse(try await organizations.current(caller: context.caller)))
    }

    private func rename(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(PlaceNameRequest.self, from: request, limits: limits).value
        let organization = try await organizations.rename(to: body.name, caller: context.caller)
        return try JSONAnswer.make(OrganizationResponse(organization))
    }

    private func all(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let all = try await organizations.all(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map(OrganizationResponse.init)))
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: OrganizationID = try Fields.id(context.request.parameters, "organization")
        return try JSONAnswer.make(OrganizationResponse(try await organizations.get(id, caller: context.caller)))
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(
            CreateOrganizationRequest.self,
            from: request,
            limits: context.request.limits
        )
        let need = IdempotencyService.Need(.organizationsCreate, as: "organization.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let made = try await organizations.create(
                name: body.value.name,
                ownerEmail: body.value.ownerEmail,
                caller: context.caller
            )
            let shown = CreateOrganizationResponse(
                organization: OrganizationResponse(made.organization),
                invitation: InvitationResponse(made.invitation.invitation),
                invitationToken: made.invitation.token.revealed(),
                invitationURL: made.invitation.link()
            )
            var replay = shown
            replay.invitationToken = nil
            replay.invitationURL = nil
            replay.secretAlreadyShown = true
            return try IdempotentAnswer(shown, replay: replay, status: .created)
        }
    }

    private func assign(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(AssignPlanRequest.self, from: request, limits: limits).value
        let id: OrganizationID = try Fields.id(context.request.parameters, "organization")
        let plan = body.planID.map { PlanID($0) }
        if case .some(.none) = plan { throw HTTPProblem.invalid("/plan_id", "Must be a plan's id.") }
        let organization = try await plans.assign(plan.flatMap(\.self), to: id, caller: context.caller)
        return try JSONAnswer.make(OrganizationResponse(organization))
    }
}

extension OrganizationResponse {
    init(_ organization: OrganizationView) {
        self.init(
            id: organization.id.text,
            name: organization.name,
            createdAt: organization.createdAt.rfc3339,
            plan: organization.plan.map { plan in
                PlanSummary(
                    id: plan.id.text,
                    name: plan.name,
                    burst: plan.figures.burst,
                    perMinute: plan.figures.perMinute,
                    perHour: plan.figures.perHour,
                    perDay: plan.figures.perDay,
                    monthlyQuota: plan.figures.monthlyQuota
                )
            }
        )
    }
}

extension OwnOrganizationResponse {
    init(_ own: OwnOrganization) {
        self.init(
            id: own.id.text,
            name: own.name,
            role: own.role.rawValue,
            status: own.status.rawValue,
            workspaces: own.workspaces.map { NamedReference(id: $0.id.text, name: $0.name) },
            isCurrent: own.isCurrent
        )
    }
}
