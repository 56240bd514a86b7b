package import Domain
internal import SQLDatabase
internal import Store

/// Where a token ran into its limits, how often, and which limits would do (LIM-5).
package struct LimitReport: Sendable {
    /// For how many days can be asked; usage by minute is looked through.
    package static let days = 1...31

    package let token: CredentialID
    package let range: Range<Instant>
    package let exceeded: [LimitHits]
    package let limits: [LimitAdvice]
}

/// Makes reports of limits.
package struct LimitReportService: Sendable {
    private let context: ControlPlaneContext

    package init(context: ControlPlaneContext) {
        self.context = context
    }

    /// The report of one token over so many days up to now, if the caller may see the token.
    package func report(
        of id: CredentialID,
        days: Int,
        caller: Caller
    ) async throws(ControlPlaneError) -> LimitReport {
        try await context.authorize(caller, .analyticsRead, as: "analytics.read", target: .token(id))
        let now = context.now()
        let range = (now - .days(days))..<(now + .minutes(1))
        return try await context.read { tx in
            let token = try TokenAuthority.token(id, for: caller, in: tx)
            let limits = try TokenLimitStore.limits(of: token.id, in: tx).effective
            return LimitReport(
                token: token.id,
                range: range,
                exceeded: try LimitHitStore.endpoints(of: token.id, range, in: tx),
                limits: LimitAdvice.lines(try LimitHitStore.minutes(of: token.id, range, in: tx), limits: limits)
            )
        }
    }
}
