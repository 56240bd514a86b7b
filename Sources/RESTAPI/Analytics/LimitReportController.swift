import ClavigerWire
import ControlPlane
import Domain
import HTTPKernel
import HTTPTypes
import Hummingbird

/// Where tokens ran into their limits (LIM-5).
struct LimitReportController: Sendable {
    let reports: LimitReportService

    var routes: [Route] {
        [Route(.get, APIPath.tokenLimits.fullTemplate, .authenticated(.analyticsRead, report))]
    }

    private func report(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let parameters = try QueryParameters(request, allowed: ["days"])
        let days = try parameters.integer("days", in: LimitReport.days, default: 7)
        let id: CredentialID = try Fields.id(context.request.parameters, "token")
        return try JSONAnswer.make(
            TokenLimitsResponse(try await reports.report(of: id, days: days, caller: context.caller))
        )
    }
}

extension TokenLimitsResponse {
    init(_ report: LimitReport) {
        self.init(
            tokenID: report.token.text,
            from: report.range.lowerBound.rfc3339,
            until: report.range.upperBound.rfc3339,
            exceeded: report.exceeded.map { endpoint in
                ExceededEndpointResponse(
                    endpoint: endpoint.endpoint,
                    calls: endpoint.calls,
                    refused: endpoint.refused,
                    lastRefusedAt: endpoint.lastRefusedAt.rfc3339
                )
            },
            limits: report.limits.map { line in
                LimitAdviceResponse(
                    name: line.kind.rawValue,
                    limit: line.limit,
                    peak: line.peak,
                    suggested: line.suggested
                )
            }
        )
    }
}
