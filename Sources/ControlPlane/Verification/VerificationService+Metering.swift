package import Domain

extension VerificationService {
    /// Counts a request at Claviger's own API against the limits of the token that it shows; `nil` for a session, and for
    /// a token without limits.
    ///
    /// `caller`: whom the token was found to be a moment ago.
    package func meter(bearer text: String, caller: Caller) async throws(ControlPlaneError) -> LimitSubject.Outcome? {
        guard case .token = caller.rights, let token = try? Token(parsing: text) else { return nil }
        guard let found = try await lookup.find(token, address: caller.address), found.id == caller.credentialID else {
            return nil
        }
        let outcome = limits.take(found, .one, wantsStandings: true)
        if case .refused(let refusal) = outcome?.decision {
            denials.record(action: "token.limit", code: refusal.code, caller: caller)
        }
        return outcome
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
            took: took,
            at: context.now()
        )
    }
}
