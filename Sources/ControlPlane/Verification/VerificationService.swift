package import Domain
internal import Logging
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
    private let agentTexts: RetiredAgentTexts

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
        agentTexts = RetiredAgentTexts(context: context)
    }

    /// What the credential index keeps.
    package var indexSize: (known: Int, unknown: Int) { context.credentials.size }

    /// A protected API; `nil` if there is none of this id, or none of this organization.
    ///
    /// `source`: the credential that names it, among whose look-ups of what isn't there it counts.
    package func api(
        _ id: ProtectedAPIID,
        of organization: OrganizationID? = nil,
        source: CredentialID? = nil
    ) async throws(ControlPlaneError) -> ProtectedAPI? {
        let found: IndexedAPI? =
            switch context.credentials.find(id) {
            case .known(let found): found
            case .unknown: nil
            case .absent: try await look(for: id, source: source)
            }
        if let api = found?.api, organization == nil || api.organizationID == organization { return api }
        try countMiss(of: source)
        return nil
    }

    /// What isn't there and what is another organization's cost who asks the same, known to this node or not (ORG-1).
    private func countMiss(of source: CredentialID?) throws(ControlPlaneError) {
        guard let source else { return }
        try context.lookups.checkLook(of: source.text, at: context.now())
        context.lookups.noteMissedLook(of: source.text, at: context.now())
    }

    private func look(
        for id: ProtectedAPIID,
        source: CredentialID?
    ) async throws(ControlPlaneError) -> IndexedAPI? {
        if let source { try context.lookups.checkLook(of: source.text, at: context.now()) }
        return try await context.credentials.load(id) { [context] () throws(ControlPlaneError) -> IndexedAPI? in
            try await context.read { tx in try ProtectedAPIStore.get(id, in: tx).map { IndexedAPI($0) } }
        }
    }

    /// Counts a text that is no token, or one that was shown at no API there is (AUD-1).
    private func noteGarbage(from address: IPAddress?) {
        let caller = Caller.anonymous(address: address?.text, userAgent: nil, requestID: "", surface: .api)
        denials.record(action: "token.verify", code: .invalidToken, caller: caller)
    }

    /// Judges a token; throws only what keeps from judging (`Unavailable`, `Overloaded`, `TooManyAttempts`).
    package func verify(_ question: VerificationQuestion) async throws(ControlPlaneError) -> VerificationAnswer {
        let kinds = question.api?.acceptedKinds ?? ProtectedAPI.defaultKinds
        guard let token = try? Token(parsing: question.text), kinds.contains(token.kind) else {
            return refuse(question, VerificationAnswer.Refused(.invalidToken))
        }
        let begun = ContinuousClock.now
        let source = {
            question.source.map { _ in question.organizationID.text } ?? (question.address ?? question.asker)?.text
        }
        guard let shown = try await lookup.shown(token, source: source),
            let found = try await worth(of: shown, in: question.organizationID)
        else {
            return refuse(question, VerificationAnswer.Refused(.invalidToken))
        }
        return await answer(question, token, found, since: begun)
    }

    /// Judges a token at a protected API; at one that isn't there no token is valid, and nothing else is told (`nil`).
    ///
    /// The token comes first: what nobody knows ends in the index, or within the bounds of look-ups, before an API is
    /// looked for, so that made-up ids cost the store nothing that a stranger could ask of it.
    ///
    /// `client`: the client's address, if a proxy that is trusted told it; `asker`: the proxy's own.
    package func verify(
        _ text: String,
        at id: ProtectedAPIID,
        from client: IPAddress?,
        asker: IPAddress?
    ) async throws(ControlPlaneError) -> VerificationAnswer? {
        let begun = ContinuousClock.now
        guard let token = try? Token(parsing: text), ProtectedAPI.possibleKinds.contains(token.kind),
            let shown = try await lookup.shown(token, source: { (client ?? asker)?.text }),
            let api = try await api(id, source: shown.id)
        else {
            noteGarbage(from: client ?? asker)
            return nil
        }
        let question = VerificationQuestion(
            text: text,
            organizationID: api.organizationID,
            api: api,
            address: client,
            asker: asker,
            endpoint: id.text
        )
        if case .token(let own) = shown, own.record.organizationID != api.organizationID { try countMiss(of: shown.id) }
        guard api.acceptedKinds.contains(token.kind), let found = try await worth(of: shown, in: api.organizationID)
        else {
            return refuse(question, VerificationAnswer.Refused(.invalidToken))
        }
        return await answer(question, token, found, since: begun)
    }

    /// What a credential is worth where it is asked about: a session is worth something else in each organization.
    private func worth(
        of shown: ShownCredential,
        in organization: OrganizationID
    ) async throws(ControlPlaneError) -> IndexedToken? {
        switch shown {
        case .token(let token): token
        case .session(let session): try await lookup.worth(of: session, in: organization)
        }
    }

    private func answer(
        _ question: VerificationQuestion,
        _ token: Token,
        _ found: IndexedToken,
        since begun: ContinuousClock.Instant
    ) async -> VerificationAnswer {
        let answer = await judge(found, token, question)
        if found.record.organizationID == question.organizationID {
            usage.record(
                found.id,
                of: found.record.organizationID,
                endpoint: question.endpoint,
                outcome: answer.outcome,
                address: question.address,
                isUse: answer.isUse,
                took: ContinuousClock.now - begun,
                at: context.now()
            )
        }
        guard case .refused(let refused) = answer else { return answer }
        if let conflict = refused.conflict { await context.noteConflict(conflict, of: found, from: question.address) }
        return refuse(question, refused)
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
            wants: question.wants,
            api: question.api,
            organizationID: question.organizationID
        )
        switch TokenVerdict.check(found.record, use, routes: question.wants.isEmpty ? [:] : routes.all, now: now) {
        case .refused(let refusal):
            // Of a token of another organization nothing is written: neither here nor there (ORG-1).
            let isDead = found.text == .retired || refusal.code == .rotatedOutToken
            if isDead, found.record.organizationID == question.organizationID {
                await noteRetired(token, of: found, from: question.address, now: now)
            }
            let code = ControlPlaneError.Code(rawValue: refusal.code.rawValue)
            // What doesn't count here isn't there: not even its id is told.
            let isTold = refusal.code != .invalidToken
            return .refused(
                .init(
                    code,
                    token: isTold ? found : nil,
                    missingScope: refusal.missingScope,
                    conflict: refusal.conflict
                )
            )
        case .valid(let isPrevious):
            let outcome = await limits.take(found, question.cost, wantsStandings: question.wantsStandings)
            if case .refused(let refusal) = outcome?.decision {
                return .refused(.init(refusal.code, token: found, limits: outcome))
            }
            if found.endsGrace { await tokens.endGrace(of: found, now: now) }
            if found.record.kind == .session { await touch(found, now: now) }
            return .valid(.init(token: found, isPrevious: isPrevious, limits: outcome))
        }
    }

    /// Keeps a session alive that is used, as its use at Claviger's own API does.
    private func touch(_ session: IndexedToken, now: Instant) async {
        guard session.claimsNote(at: now, every: .minutes(1)) else { return }
        let id = session.id
        do {
            try await context.write { tx in try SessionStore.touch(id, at: now, in: tx) }
        } catch {
            context.logger.warning("The use of a session could not be noted", metadata: ["error": "\(error)"])
        }
    }

    private func noteRetired(_ token: Token, of found: IndexedToken, from address: IPAddress?, now: Instant) async {
        guard found.record.kind == .agent else { return await tokens.noteRetired(token, of: found.id, now: now) }
        await agentTexts.note(token, of: found, from: address, now: now)
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
            address: (question.address ?? question.asker)?.text
        )
        return .refused(refused)
    }
}
