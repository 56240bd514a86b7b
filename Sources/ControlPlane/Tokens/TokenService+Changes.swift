package import Domain
internal import SQLDatabase

/// What is done to a token that exists.
extension TokenService {
    /// Pauses a token: it is refused everywhere until it is resumed; idempotent.
    package func pause(_ id: CredentialID, reason: String?, caller: Caller) async throws(ControlPlaneError) -> TokenView
    {
        try await move(id, .pause, reason: reason, caller: caller) { machine, _, _ in try machine.pause() }
    }

    /// Resumes a paused token; who manages others' tokens lifts a suspension too.
    package func resume(
        _ id: CredentialID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        try await move(id, .resume, reason: reason, caller: caller) { machine, _, tx in
            let lifts = try TokenAuthority.isHeld(.tokensManage, by: caller, where: machine.token, in: tx)
            return try machine.resume(liftsSuspension: lifts)
        }
    }

    /// Revokes a token for ever, both its texts; idempotent.
    package func revoke(
        _ id: CredentialID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        try await move(id, .revoke, reason: reason, caller: caller) { machine, now, _ in machine.revoke(now: now) }
    }

    /// Changes what people wrote of a token; scopes can't be widened beyond caller and owner (ORG-7).
    package func update(
        _ id: CredentialID,
        _ patch: APITokenPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        _ = try await authorized(id, .update, caller: caller)
        let change = TokenChange(id, .update, reason: nil, context)
        let routes = routeActions
        let outcome = try await context.changeAccess(as: "token.update", target: .token(id), caller: caller) { tx in
            try change.rewrite(by: caller, routes: routes, in: tx) { _ in patch }
        }
        switch outcome {
        case .success(let view): return view
        case .failure(let excess):
            throw await authority.refusal(excess, to: caller, action: "token.update", target: .token(id))
        }
    }

    private func move(
        _ id: CredentialID,
        _ deed: TokenAuthority.Deed,
        reason: String?,
        caller: Caller,
        _ event: @escaping TokenChange.Event
    ) async throws(ControlPlaneError) -> TokenView {
        _ = try await authorized(id, deed, caller: caller)
        let change = TokenChange(id, deed, reason: reason, context)
        let routes = routeActions
        return try await context.changeAccess(
            as: deed.name,
            target: .token(id),
            caller: caller,
            isUrgent: deed.isUrgent
        ) { tx in
            try change.perform(by: caller, routes: routes, in: tx, event)
        }
    }

    /// Whether the caller may do this to the token; what they may not see doesn't exist.
    func authorized(
        _ id: CredentialID,
        _ deed: TokenAuthority.Deed,
        caller: Caller
    ) async throws(ControlPlaneError) -> APIToken {
        let token = try await context.read { tx in try TokenAuthority.token(id, for: caller, in: tx) }
        // A token may always rotate and revoke itself: it can do no harm by it that it can't do anyhow.
        if caller.credentialID == id, deed == .rotate || deed == .revoke { return token }
        let action = TokenAuthority.action(deed, to: token, by: caller)
        try await context.authorize(caller, action, as: deed.name, target: .token(id))
        return token
    }
}
