/// What a token may do: its scopes ∩ its owner's permissions ∩ what policy lets the owner's roles give (ORG-6).
///
/// Every question is answered at the moment it is asked, from values; nothing here remembers an older right.
package struct TokenAccess: Hashable, Sendable {
    package let scopes: ScopeSet
    package let owner: PermissionSet
    /// What policy allows each of the owner's roles; the most restrictive wins, so that all of them have to cover.
    package let bounds: [ScopeSet]
    /// The registered scopes of the token that count now.
    package let registered: Set<String>
    private let mayGrantWhole: PermissionSet

    /// `registered`: the registered scopes of the organization now; one that is gone counts for nothing, and an
    ///     admin-only one counts while the owner holds `org:manage`.
    package init(
        scopes: ScopeSet,
        owner: PermissionSet,
        bounds: [ScopeSet] = [],
        registered: [String: RegisteredScope] = [:]
    ) {
        self.scopes = scopes
        self.owner = owner
        self.bounds = bounds
        let named = scopes.scopes.filter { $0.meaning == .registered }.filter { scope in
            guard let found = registered[scope.text] else { return false }
            let isHeld = !found.isAdminOnly || owner.contains(.orgManage)
            return isHeld && bounds.allSatisfy { $0.covers(registered: scope.text) }
        }
        self.registered = Set(named.map(\.text))
        mayGrantWhole = bounds.reduce(scopes.wholePermissions.intersection(owner)) {
            $0.intersection($1.wholePermissions)
        }
    }

    /// What came of the question whether the token may do something.
    package enum Decision: Hashable, Sendable {
        case allowed
        /// None of its scopes covers it.
        case outOfScope
        /// A scope covers it, but the owner may not do it (any more).
        case beyondOwner
        /// Scope and owner have it, and policy takes it away.
        case deniedByPolicy
    }

    package func decide(_ action: ScopeAction, agent: AgentID? = nil, route: ScopeRoute? = nil) -> Decision {
        guard scopes.covers(action, agent: agent, route: route) else { return .outOfScope }
        guard owner.contains(action.permission) else { return .beyondOwner }
        for bound in bounds where !bound.covers(action, agent: agent, route: route) { return .deniedByPolicy }
        return .allowed
    }

    /// The permissions that it has with all their actions, for all agents.
    package var wholePermissions: PermissionSet { mayGrantWhole }

    /// Every permission of which it has at least one action somewhere.
    package func touchedPermissions(routes: [ScopeRoute: ScopeAction]) -> PermissionSet {
        scopes.scopes.reduce(into: []) { set, scope in set.formUnion(effect(of: scope, routes: routes)) }
    }

    /// Whether everything that a scope opens is allowed to the token now.
    package func covers(_ scope: Scope, routes: [ScopeRoute: ScopeAction]) -> Bool {
        if case .registered = scope.meaning { return registered.contains(scope.text) }
        if case .endpoint(let route) = scope.meaning, routes[route] == nil { return false }
        return scopes.covers(scope, routes: routes)
            && owner.isSuperset(of: scope.permissions(routes: routes))
            && bounds.allSatisfy { $0.covers(scope, routes: routes) }
    }
}
