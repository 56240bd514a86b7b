extension TokenAccess {
    /// What one scope of a token is worth now.
    package struct ScopeLine: Hashable, Sendable {
        package let scope: Scope
        /// The permissions it gives at least a part of.
        package let permissions: PermissionSet
        /// What it asks for and the owner doesn't hold.
        package let beyondOwner: PermissionSet
        /// What the owner holds and policy takes away, in whole or in part.
        package let deniedByPolicy: PermissionSet
        /// A registered scope that counts.
        package let isInForce: Bool
    }

    /// One line for each scope, in canonical order.
    package func lines(routes: [ScopeRoute: ScopeAction]) -> [ScopeLine] {
        scopes.scopes.map { scope in
            let needed = scope.permissions(routes: routes)
            let held = needed.intersection(owner)
            let effect = effect(of: scope, routes: routes)
            let isRegistered = scope.meaning == .registered
            return ScopeLine(
                scope: scope,
                permissions: effect,
                beyondOwner: needed.subtracting(owner),
                deniedByPolicy: held.subtracting(unbound(scope, held, routes: routes)),
                isInForce: isRegistered ? registered.contains(scope.text) : !effect.isEmpty
            )
        }
    }

    /// Scopes beyond the owner, and rights that policy withholds.
    package func conflicts(routes: [ScopeRoute: ScopeAction]) -> [AccessConflict] {
        lines(routes: routes).flatMap { line -> [AccessConflict] in
            let beyond = line.beyondOwner.permissions.map {
                AccessConflict(.scopeBeyondOwner, permission: $0, scope: line.scope.text)
            }
            let denied = line.deniedByPolicy.permissions.map {
                AccessConflict(.withheldByPolicy, permission: $0, scope: line.scope.text)
            }
            guard line.scope.meaning == .registered, !line.isInForce else { return beyond + denied }
            let isBound = bounds.contains { !$0.covers(registered: line.scope.text) }
            let kind: AccessConflict.Kind = isBound ? .withheldByPolicy : .scopeBeyondOwner
            return [AccessConflict(kind, permission: nil, scope: line.scope.text)]
        }
    }

    /// The permissions of which a scope gives at least one action that owner and policies let through.
    func effect(of scope: Scope, routes: [ScopeRoute: ScopeAction]) -> PermissionSet {
        PermissionSet(allowed(scope, routes: routes).map(\.permission))
    }

    /// The permissions of which policy leaves the scope everything it asks for.
    private func unbound(
        _ scope: Scope,
        _ held: PermissionSet,
        routes: [ScopeRoute: ScopeAction]
    ) -> PermissionSet {
        let lost = asked(scope, routes: routes).filter { !isLeft($0, of: scope) }
        return held.subtracting(PermissionSet(lost.map(\.permission)))
    }

    private func allowed(_ scope: Scope, routes: [ScopeRoute: ScopeAction]) -> [ScopeAction] {
        asked(scope, routes: routes).filter { owner.contains($0.permission) && isLeft($0, of: scope) }
    }

    private func asked(_ scope: Scope, routes: [ScopeRoute: ScopeAction]) -> [ScopeAction] {
        switch scope.meaning {
        case .actions(let actions), .agent(_, let actions): actions.actions
        case .endpoint(let route): routes[route].map { [$0] } ?? []
        case .registered: []
        }
    }

    /// Whether every policy leaves the scope this action, where the scope has it.
    private func isLeft(_ action: ScopeAction, of scope: Scope) -> Bool {
        bounds.allSatisfy { bound in
            switch scope.meaning {
            case .actions: bound.covers(action)
            case .agent(let agent, _): bound.covers(action, agent: agent)
            case .endpoint(let route): bound.covers(action, route: route)
            case .registered: false
            }
        }
    }
}
