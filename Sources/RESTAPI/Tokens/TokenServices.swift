package import ControlPlane
import HTTPKernel

/// The use cases of tokens of people and programs, and of what belongs to them.
package struct TokenServices: Sendable {
    private let tokens: TokenService
    private let accounts: ServiceAccountService
    private let scopes: RegisteredScopeService
    private let apis: ProtectedAPIService
    private let reports: LimitReportService

    /// `limits` counts the tokens' use on this node; `routes` is filled once all edges are put together.
    package init(context: ControlPlaneContext, limits: LimitService, routes: RouteActions) {
        tokens = TokenService(context: context, limits: limits, routes: routes)
        accounts = ServiceAccountService(context: context, routes: routes)
        scopes = RegisteredScopeService(context: context, routes: routes)
        apis = ProtectedAPIService(context: context)
        reports = LimitReportService(context: context)
    }

    func routes(_ idempotency: IdempotentRoute) -> [Route] {
        TokenController(tokens: tokens, idempotency: idempotency).routes
            + TokenBulkController(tokens: tokens).routes
            + ServiceAccountController(accounts: accounts, tokens: tokens, idempotency: idempotency).routes
            + RegisteredScopeController(scopes: scopes, idempotency: idempotency).routes
            + ProtectedAPIController(apis: apis, idempotency: idempotency).routes
            + LimitReportController(reports: reports).routes
    }
}
