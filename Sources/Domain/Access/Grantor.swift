/// Who gives rights to a token, an account or a member, and may give none that they don't have (ORG-7).
package enum Grantor: Hashable, Sendable {
    /// A person or account by themselves, with their effective permissions.
    case holder(PermissionSet)
    /// A caller with a token: what that token may do, and nothing else its owner could.
    case token(TokenAccess)

    /// Refuses permissions that the grantor doesn't hold in whole: roles, custom roles and grants of overrides.
    package func check(giving permissions: PermissionSet) throws(PermissionExceedsOwner) {
        let held =
            switch self {
            case .holder(let held): held
            case .token(let access): access.wholePermissions
            }
        let missing = permissions.subtracting(held)
        guard missing.isEmpty else {
            throw PermissionExceedsOwner(excesses: [.init(scope: nil, permissions: missing)])
        }
    }

    /// Refuses scopes that reach beyond the grantor, or beyond the owner the token will have.
    ///
    /// `owner`: the effective permissions of the token's owner, who may be somebody else than the grantor.
    /// `routes`: what each route does; a scope of a route that isn't in it is refused as well.
    package func check(
        giving scopes: ScopeSet,
        owner: PermissionSet,
        routes: [ScopeRoute: ScopeAction]
    ) throws(PermissionExceedsOwner) {
        let excesses = scopes.scopes.compactMap { scope -> PermissionExceedsOwner.Excess? in
            if case .endpoint(let route) = scope.meaning, routes[route] == nil {
                return .init(scope: scope.text, permissions: [])
            }
            let needed = scope.permissions(routes: routes)
            let missing = needed.subtracting(owner).union(missing(for: scope, needing: needed, routes: routes))
            let isWithin = missing.isEmpty && isWithinToken(scope, routes: routes)
            return isWithin ? nil : .init(scope: scope.text, permissions: missing)
        }
        guard excesses.isEmpty else { throw PermissionExceedsOwner(excesses: excesses) }
    }

    private func missing(
        for scope: Scope,
        needing needed: PermissionSet,
        routes: [ScopeRoute: ScopeAction]
    ) -> PermissionSet {
        switch self {
        case .holder(let held): needed.subtracting(held)
        case .token(let access): access.covers(scope, routes: routes) ? [] : needed
        }
    }

    /// A registered scope needs no permission, so that a token's own scopes are asked for it.
    private func isWithinToken(_ scope: Scope, routes: [ScopeRoute: ScopeAction]) -> Bool {
        switch self {
        case .holder: true
        case .token(let access): access.covers(scope, routes: routes)
        }
    }
}

/// Somebody tried to give more than they, or the owner of the token, may do (ORG-7).
package struct PermissionExceedsOwner: Error, Hashable, Sendable {
    package struct Excess: Hashable, Sendable {
        /// The scope that exceeds; absent if permissions were given directly.
        package let scope: String?
        /// What is missing for it; empty for a scope of an organization's own API, and for one of an unknown route.
        package let permissions: PermissionSet

        package init(scope: String?, permissions: PermissionSet) {
            self.scope = scope
            self.permissions = permissions
        }
    }

    package let excesses: [Excess]

    package init(excesses: [Excess]) { self.excesses = excesses }

    /// Names what exceeds, for the one who asked.
    package var message: String {
        let parts = excesses.map { excess in
            let names = excess.permissions.permissions.map(\.rawValue).joined(separator: ", ")
            return switch (excess.scope, names.isEmpty) {
            case (let scope?, true): scope
            case (let scope?, false): "\(scope) (needs \(names))"
            case (nil, _): names
            }
        }
        return "These reach beyond what the owner or the caller may do: \(parts.joined(separator: "; "))."
    }
}
