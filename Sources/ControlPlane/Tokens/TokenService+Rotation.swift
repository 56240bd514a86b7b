package import Domain
internal import SQLDatabase
internal import Store

/// New texts for tokens that exist (ROT-13).
extension TokenService {
    /// Gives the token a new text.
    ///
    /// `grace` is how long the old one works; absent for the default of its kind. An administrator who rotates another
    /// person's personal token sees no text: its owner has 72 hours to rotate it. Nobody is shown the text of a token
    /// that may do more than they (ORG-7).
    package func rotate(
        _ id: CredentialID,
        grace: Duration?,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenRotationReceipt {
        let found = try await authorized(id, .rotate, caller: caller)
        let routes = routeActions
        if let excess = caller.excess(showing: found, by: caller.rights.grantor, routes: routes) {
            throw await authority.refusal(excess, to: caller, action: "token.rotate", target: .token(id))
        }
        let text = Token.make(found.kind.tokenKind, random: context.random)
        let order = TokenRotationOrder(
            stamp: TokenStamp(hash: context.hasher.hash(text), prefix: text.prefix),
            grace: grace,
            caller: caller,
            routes: routes
        )
        let change = TokenChange(id: id, deed: .rotate, reason: reason, eventID: context.ids.next(), now: context.now())
        let view = try await context.write { tx in
            try change.perform(by: caller, routes: routes, in: tx) { machine, now in
                try order.carryOut(on: &machine, now: now, in: tx)
            }
        }
        if caller.asker(rotating: found) == .other, let deadline = view.token.rotationRequiredBy {
            return .required(view, by: deadline)
        }
        return .rotated(TokenGrant(view: view, token: text))
    }

    /// What the caller has to be allowed for the rotation of this token, for its idempotency key.
    package func needOfRotation(
        _ id: CredentialID,
        caller: Caller
    ) async throws(ControlPlaneError) -> IdempotencyService.Need {
        let token = try await context.read { tx in try TokenAuthority.token(id, for: caller, in: tx) }
        let action = caller.credentialID == id ? nil : authority.action(.rotate, to: token, by: caller)
        return IdempotencyService.Need(action, as: "token.rotate", target: .token(id))
    }
}

/// A rotation with everything that was made before its transaction.
struct TokenRotationOrder: Sendable {
    let stamp: TokenStamp
    let grace: Duration?
    let caller: Caller
    let routes: [ScopeRoute: ScopeAction]

    /// Lets the token's state machine rotate it, or demands it of its owner.
    func carryOut(on machine: inout TokenStateMachine, now: Instant, in tx: borrowing Transaction) throws -> Bool {
        let token = machine.token
        let asker = caller.asker(rotating: token)
        guard asker != .other else { return try machine.requireRotation(now: now) }
        if asker == .itself { try checkText(of: token) }
        if let excess = caller.excess(showing: token, by: try caller.grantor(in: tx), routes: routes) {
            throw ControlPlaneError(.permissionExceedsOwner, excess.message)
        }
        let policy = try PolicyStore.get(of: token.organizationID, in: tx).policy
        let order = TokenRotation(
            stamp: stamp,
            asker: asker,
            grace: grace,
            expiresAt: policy.renewedExpiry(of: token, now: now)
        )
        try machine.rotate(order, now: now)
        try machine.token.noteShown(to: caller, now: now, in: tx)
        return true
    }

    /// Refuses a text in its grace a new one: whoever has an old copy could take the token over.
    ///
    /// Only where the token rotated itself and the new text was never used its answer may have been lost, and the old
    /// one tries again.
    private func checkText(of token: APIToken) throws {
        if caller.credentialPrefix == token.current.stamp.prefix || token.previous?.endsAtFirstUse == true { return }
        throw ControlPlaneError(.rotatedOutToken, "The token was rotated; only the new one rotates it again.")
    }
}

extension Caller {
    /// Who the caller is to a token that they rotate.
    fileprivate func asker(rotating token: APIToken) -> TokenRotation.Asker {
        if credentialID == token.id { return .itself }
        return token.kind == .service || owns(token) ? .owner : .other
    }

    /// What the token's new text would open beyond the caller's own rights, if they are to see it.
    ///
    /// A person who signed in may have their own personal token whatever became of their rights, for it follows them.
    fileprivate func excess(
        showing token: APIToken,
        by grantor: Grantor,
        routes: [ScopeRoute: ScopeAction]
    ) -> PermissionExceedsOwner? {
        switch (asker(rotating: token), rights) {
        case (.itself, _), (.other, _): return nil
        case (.owner, .holder) where token.kind == .personal: return nil
        case (.owner, _): break
        }
        let opening = token.profile.scopes.scopes.filter { scope in
            guard case .endpoint(let route) = scope.meaning else { return true }
            return routes[route] != nil
        }
        guard let scopes = ScopeSet(opening) else { return nil }
        do throws(PermissionExceedsOwner) {
            try grantor.check(giving: scopes, owner: .all, routes: routes)
            return nil
        } catch {
            return error
        }
    }
}
