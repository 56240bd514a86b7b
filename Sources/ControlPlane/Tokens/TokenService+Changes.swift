package import Domain
internal import SQLDatabase
internal import Store

/// What is done to a token that exists.
extension TokenService {
    /// Pauses a token: it is refused everywhere until it is resumed; idempotent.
    package func pause(_ id: CredentialID, reason: String?, caller: Caller) async throws(ControlPlaneError) -> TokenView
    {
        try await move(id, .pause, reason: reason, caller: caller) { machine, _ in try machine.pause() }
    }

    /// Resumes a paused token; who manages others' tokens lifts a suspension too.
    package func resume(
        _ id: CredentialID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        let lifts = caller.decide(.tokensManage) == .allowed
        return try await move(id, .resume, reason: reason, caller: caller) { machine, _ in
            try machine.resume(liftsSuspension: lifts)
        }
    }

    /// Revokes a token for ever, both its texts; idempotent.
    package func revoke(
        _ id: CredentialID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        try await move(id, .revoke, reason: reason, caller: caller) { machine, now in machine.revoke(now: now) }
    }

    /// Gives the token a new text (ROT-13).
    ///
    /// `grace` is how long the old one works; absent for the default of its kind. An administrator who rotates another
    /// person's personal token sees no text: its owner has 72 hours to rotate it.
    package func rotate(
        _ id: CredentialID,
        grace: Duration?,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenRotationReceipt {
        let found = try await authorized(id, .rotate, caller: caller)
        let text = Token.make(found.kind.tokenKind, random: context.random)
        let stamp = TokenStamp(hash: context.hasher.hash(text), prefix: text.prefix)
        let asker = caller.asker(rotating: found)
        let change = TokenChange(id: id, deed: .rotate, reason: reason, eventID: context.ids.next(), now: context.now())
        let routes = routeActions
        let view = try await context.write { tx in
            try change.perform(by: caller, routes: routes, in: tx) { machine, now in
                guard asker != .other else { return try machine.requireRotation(now: now) }
                let token = machine.token
                let end = TokenRotation.renewedExpiry(of: token, now: now)
                try token.checkRotation(expiresAt: end, now: now, in: tx)
                let order = TokenRotation(stamp: stamp, asker: asker, grace: grace, expiresAt: end)
                try machine.rotate(order, now: now)
                try machine.token.noteShown(to: caller, now: now, in: tx)
                return true
            }
        }
        if asker == .other, let deadline = view.token.rotationRequiredBy { return .required(view, by: deadline) }
        return .rotated(TokenGrant(view: view, token: text))
    }

    /// Changes what people wrote of a token; scopes can't be widened beyond caller and owner (ORG-7).
    package func update(
        _ id: CredentialID,
        _ patch: APITokenPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        _ = try await authorized(id, .update, caller: caller)
        let change = TokenChange(id: id, deed: .update, reason: nil, eventID: context.ids.next(), now: context.now())
        let routes = routeActions
        let outcome = try await context.write { tx in
            try change.rewrite(patch, by: caller, routes: routes, in: tx)
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
        _ event: @escaping @Sendable (inout TokenStateMachine, Instant) throws -> Bool
    ) async throws(ControlPlaneError) -> TokenView {
        _ = try await authorized(id, deed, caller: caller)
        let change = TokenChange(id: id, deed: deed, reason: reason, eventID: context.ids.next(), now: context.now())
        let routes = routeActions
        return try await context.write { tx in try change.perform(by: caller, routes: routes, in: tx, event) }
    }

    /// Whether the caller may do this to the token; what they may not see doesn't exist.
    private func authorized(
        _ id: CredentialID,
        _ deed: TokenAuthority.Deed,
        caller: Caller
    ) async throws(ControlPlaneError) -> APIToken {
        let token = try await context.read { tx in try TokenAuthority.token(id, for: caller, in: tx) }
        // A token may always rotate and revoke itself: it can do no harm by it that it can't do anyhow.
        if caller.credentialID == id, deed == .rotate || deed == .revoke { return token }
        let action = authority.action(deed, to: token, by: caller)
        try await context.authorize(caller, action, as: "token.\(deed.rawValue)", target: .token(id))
        return token
    }
}

extension Caller {
    fileprivate func asker(rotating token: APIToken) -> TokenRotation.Asker {
        if credentialID == token.id { return .itself }
        return token.kind == .service || owns(token) ? .owner : .other
    }
}

extension APIToken {
    /// Refuses a new text that the organization's policy doesn't allow to live so long (ORG-9).
    fileprivate func checkRotation(expiresAt end: Instant?, now: Instant, in tx: borrowing Transaction) throws {
        let policy = try PolicyStore.get(of: organizationID, in: tx).policy
        let faults = policy.faultsAtRotation(kind: kind, expiresAt: end, now: now)
        guard faults.isEmpty else { throw ControlPlaneError.invalid(faults) }
    }
}
