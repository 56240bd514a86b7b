package import Domain
internal import Store

/// Tells owners of APIs whether their callers' tokens are good (TOK-5).
///
/// The token is found and judged by the same means as at Claviger's own API; here stands what is different: it is judged
/// for an organization and one of its APIs, and its limits are counted.
package struct VerificationService: Sendable {
    let context: ControlPlaneContext
    let tokens: TokenAuthentication
    let authentication: AuthenticationService
    let denials: DenialRecorder
    package let limits: LimitService
    package let usage: UsageRecorder
    package let routes: RouteActions
    let lookup: TokenLookup

    package init(
        context: ControlPlaneContext,
        authentication: AuthenticationService,
        denials: DenialRecorder,
        limits: LimitService,
        usage: UsageRecorder,
        routes: RouteActions
    ) {
        self.context = context
        self.authentication = authentication
        self.denials = denials
        self.limits = limits
        self.usage = usage
        self.routes = routes
        lookup = TokenLookup(context: context)
        tokens = TokenAuthentication(context: context)
    }

    /// What the credential index keeps.
    package var indexSize: (known: Int, unknown: Int) { context.credentials.size }

    /// A protected API; `nil` if there is none of this id, or none of this organization.
    package func api(
        _ id: ProtectedAPIID,
        of organization: OrganizationID? = nil
    ) async throws(ControlPlaneError) -> ProtectedAPI? {
        let found = try await context.credentials.apis.find(id, in: context)
        guard organization == nil || found?.organizationID == organization else { return nil }
        return found
    }

    /// Counts a text that is no token, or one that was shown at no API there is (AUD-1).
    package func noteGarbage(from address: String?) {
        let caller = Caller.anonymous(address: address, userAgent: nil, requestID: "", surface: .api)
        denials.record(action: "token.verify", code: .invalidToken, caller: caller)
    }

    /// Judges a token; throws only what keeps from judging (`Unavailable`, `Overloaded`, `TooManyAttempts`).
    package func verify(_ question: VerificationQuestion) async throws(ControlPlaneError) -> VerificationAnswer {
        guard let token = Self.token(question.text) else {
            return refuse(question, VerificationAnswer.Refused(.invalidToken))
        }
        let begun = ContinuousClock.now
        guard let found = try await lookup.find(token, address: question.address?.description ?? question.asker) else {
            return refuse(question, VerificationAnswer.Refused(.invalidToken))
        }
        let answer = await judge(found, token, question)
        if found.record.organizationID == question.organizationID {
            usage.record(
                found.id,
                of: found.record.organizationID,
                endpoint: question.endpoint,
                outcome: answer.outcome,
                address: question.address,
                took: ContinuousClock.now - begun,
                at: context.now()
            )
        }
        if case .refused(let refused) = answer { return refuse(question, refused) }
        return answer
    }

    private func judge(
        _ found: IndexedToken,
        _ token: Token,
        _ question: VerificationQuestion
    ) async -> VerificationAnswer {
        let now = context.now()
        let use = TokenUse(
            text: found.text,
            address: question.address.map { .known($0) } ?? .unknown,
            wants: question.wants.map { .scope($0) },
            api: question.api,
            organizationID: question.organizationID
        )
        switch TokenVerdict.check(found.record, use, routes: question.wants.isEmpty ? [:] : routes.all, now: now) {
        case .refused(let refusal):
            if found.text == .retired { await tokens.noteRetired(token, of: found.id, now: now) }
            let code = ControlPlaneError.Code(rawValue: refusal.code.rawValue)
            // What doesn't count here isn't there: not even its id is told.
            let isTold = refusal.code != .invalidToken
            return .refused(.init(code, token: isTold ? found : nil, missingScope: refusal.missingScope))
        case .valid(let isPrevious):
            let outcome = limits.take(found, question.cost, wantsStandings: question.wantsStandings)
            if case .refused(let refusal) = outcome?.decision {
                return .refused(.init(refusal.code, token: found, limits: outcome))
            }
            if found.endsGrace { await tokens.endGrace(of: found, now: now) }
            return .valid(.init(token: found, isPrevious: isPrevious, limits: outcome))
        }
    }

    /// Counts a refusal; one event a minute at most comes of it (AUD-1).
    private func refuse(
        _ question: VerificationQuestion,
        _ refused: VerificationAnswer.Refused
    ) -> VerificationAnswer {
        denials.record(
            action: "token.verify",
            code: refused.code,
            organization: question.organizationID,
            token: refused.token,
            address: question.address?.description ?? question.asker
        )
        return .refused(refused)
    }

    /// Personal and service tokens; everything else proves itself at doors of its own.
    private static func token(_ text: String) -> Token? {
        guard let token = try? Token(parsing: text) else { return nil }
        return token.kind == .personal || token.kind == .service ? token : nil
    }
}
