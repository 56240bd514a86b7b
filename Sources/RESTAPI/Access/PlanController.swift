import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Plans, for server administrators.
struct PlanController: Sendable {
    let plans: PlanService
    let idempotency: IdempotentRoute

    var routes: [Route] {
        [
            Route(.get, APIPath.plans.fullTemplate, .authenticated(.plansRead, list)),
            Route(.post, APIPath.plans.fullTemplate, .authenticated(.plansCreate, create)),
            Route(.get, APIPath.plan.fullTemplate, .authenticated(.plansRead, get)),
            Route(.patch, APIPath.plan.fullTemplate, .authenticated(.plansUpdate, update)),
            Route(.delete, APIPath.plan.fullTemplate, .authenticated(.plansDelete, delete)),
        ]
    }

    private func list(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let all = try await plans.list(caller: context.caller)
        return try JSONAnswer.make(WirePage(data: all.map(PlanResponse.init)))
    }

    private func get(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        _ = try QueryParameters(request, allowed: [])
        let id: PlanID = try Fields.id(context.request.parameters, "plan")
        return try JSONAnswer.make(PlanResponse(try await plans.get(id, caller: context.caller)))
    }

    private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let body = try await JSONBody.read(CreatePlanRequest.self, from: request, limits: context.request.limits)
        let wanted = body.value
        let figures = LimitFigures(
            burst: wanted.burst,
            perMinute: wanted.perMinute,
            perHour: wanted.perHour,
            perDay: wanted.perDay,
            monthlyQuota: wanted.monthlyQuota
        )
        let need = IdempotencyService.Need(.plansCreate, as: "plan.create")
        return try await idempotency.answer(request, body.bytes, context, needs: need) {
            let plan = try await plans.create(name: wanted.name, figures: figures, caller: context.caller)
            let shown = PlanResponse(plan)
            return try IdempotentAnswer(shown, replay: shown, status: .created)
        }
    }

    private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let limits = context.request.limits
        let body = try await JSONBody.read(UpdatePlanRequest.self, from: request, limits: limits).value
        let id: PlanID = try Fields.id(context.request.parameters, "plan")
        let plan = try await plans.update(
            id,
            name: body.name,
            figures: { body.figures(over: $0) },
            caller: context.caller
        )
        return try JSONAnswer.make(PlanResponse(plan))
    }

    private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        try await plans.delete(Fields.id(context.request.parameters, "plan"), caller: context.caller)
        return JSONAnswer.empty
    }
}

extension UpdatePlanRequest {
    func figures(over before: LimitFigures) -> LimitFigures {
        LimitFigures(
            burst: FieldChange(burst).applied(to: before.burst),
            perMinute: FieldChange(perMinute).applied(to: before.perMinute),
            perHour: FieldChange(perHour).applied(to: before.perHour),
            perDay: FieldChange(perDay).applied(to: before.perDay),
            monthlyQuota: FieldChange(monthlyQuota).applied(to: before.monthlyQuota)
        )
    }
}

extension PlanResponse {
    init(_ view: PlanView) {
        self.init(
            id: view.plan.id.text,
            name: view.plan.name,
            isBuiltIn: view.isBuiltIn,
            burst: view.plan.figures.burst,
            perMinute: view.plan.figures.perMinute,
            perHour: view.plan.figures.perHour,
            perDay: view.plan.figures.perDay,
            monthlyQuota: view.plan.figures.monthlyQuota
        )
    }
}
