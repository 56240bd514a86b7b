package import Domain

extension VerificationService {
    /// Counts a request at Claviger's own API against the limits of the token that it shows; `nil` for a token without
    /// limits.
    ///
    /// `caller`: whom the token was found to be a moment ago.
    package func meter(_ token: IndexedToken, caller: Caller) async -> LimitSubject.Outcome? {
        let outcome = await limits.take(token, .one, wantsStandings: true)
        if case .refused(let refusal) = outcome?.decision {
            denials.record(action: "token.limit", code: refusal.code, caller: caller)
        }
        return outcome
    }

    /// How the limits of a token stand, without counting anything.
    package func standing(of token: IndexedToken) -> LimitSubject.Outcome? {
        limits.look(at: token)
    }

    /// Remembers a request at Claviger's own API.
    package func note(
        _ caller: Caller,
        endpoint: String,
        outcome: String,
        address: IPAddress?,
        took: Duration
    ) {
        guard case .token = caller.rights, let id = caller.credentialID, let organization = caller.organizationID else {
            return
        }
        usage.record(
            id,
            of: organization,
            endpoint: endpoint,
            outcome: outcome,
            address: address,
            isUse: true,
            took: took,
            at: context.now()
        )
    }
}
