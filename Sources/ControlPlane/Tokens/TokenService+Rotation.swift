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
        let text = Token.make(found.kind.tokenKind, random: context.random)
        let order = TokenRotationOrder(
            stamp: TokenStamp(hash: context.hasher.hash(text), prefix: text.prefix),
            grace: grace,
            caller: caller,
            routes: routes
        )
        context.lookups.noteMade(order.stamp.hash.hash)
        let change = TokenChange(id, .rotate, reason: reason, context)
        let view = try await context.changeAccess(as: change.deed.name, target: .token(id), caller: caller) { tx in
            try change.perform(by: caller, routes: routes, in: tx) { machine, now, tx in
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
        let action = caller.credentialID == id ? nil : TokenAuthority.action(.rotate, to: token, by: caller)
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
        try checkExcess(showing: token, in: tx)
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

    /// Refuses to show somebody a text that opens more than they may do themselves (ORG-7).
    private func checkExcess(showing token: APIToken, in tx: borrowing Transaction) throws {
        guard !caller.mayAlwaysSee(token) else { return }
        let grantor = try caller.grantor(at: token.workspaceID, in: tx)
        let registered = try RegisteredScopeStore.byName(of: token.organizationID, in: tx)
        guard let excess = grantor.excess(opening: token.profile.scopes, routes: routes, registered: registered) else {
            return
        }
        throw ControlPlaneError(exceeding: excess, cause: AccessViolation("policy violation: \(excess.message)"))
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

    /// Whether the caller may see the token's new text whatever it opens: the token itself, and a person who signed in
    /// their own, for it follows their rights.
    fileprivate func mayAlwaysSee(_ token: APIToken) -> Bool {
        switch (asker(rotating: token), rights) {
        case (.itself, _), (.other, _): true
        case (.owner, .holder): token.kind == .personal
        case (.owner, .token): false
        }
    }
}

extension Grantor {
    /// What a text with these scopes opens beyond the grantor's own rights, admin-only scopes of an organization's own
    /// API too; scopes of routes that there aren't open nothing.
    fileprivate func excess(
        opening scopes: ScopeSet,
        routes: [ScopeRoute: ScopeAction],
        registered: [String: RegisteredScope]
    ) -> PermissionExceedsOwner? {
        let opening = scopes.scopes.filter { scope in
            guard case .endpoint(let route) = scope.meaning else { return true }
            return routes[route] != nil
        }
        var excesses: [PermissionExceedsOwner.Excess] = []
        if let scopes = ScopeSet(opening) {
            do throws(PermissionExceedsOwner) {
                try check(giving: scopes, owner: .all, routes: routes)
            } catch {
                excesses = error.excesses
            }
        }
        if case .holder(let held) = self, !held.contains(.orgManage) {
            let named = opening.filter { $0.meaning == .registered && registered[$0.text]?.isAdminOnly == true }
            excesses += named.map { .init(scope: $0.text, permissions: PermissionSet(.orgManage)) }
        }
        return excesses.isEmpty ? nil : PermissionExceedsOwner(excesses: excesses)
    }
}
