/// The scopes of one token: 1 to 100, each once, in the order of their texts.
///
/// It is made ready for the question that every use asks; asking costs two words and at most two look-ups.
package struct ScopeSet: Hashable, Sendable {
    package static let counts = 1...100

    package let scopes: [Scope]
    private let anywhere: ScopeActionSet
    private let perAgent: [AgentID: ScopeActionSet]
    private let routes: Set<ScopeRoute>
    private let registered: Set<String>

    private init(sorted scopes: [Scope]) {
        self.scopes = scopes
        var anywhere = ScopeActionSet()
        var perAgent: [AgentID: ScopeActionSet] = [:]
        var routes: Set<ScopeRoute> = []
        var registered: Set<String> = []
        for scope in scopes {
            switch scope.meaning {
            case .actions(let actions): anywhere.formUnion(actions)
            case .agent(let agent, let actions): perAgent[agent, default: ScopeActionSet()].formUnion(actions)
            case .endpoint(let route): routes.insert(route)
            case .registered: registered.insert(scope.text)
            }
        }
        self.anywhere = anywhere
        self.perAgent = perAgent
        self.routes = routes
        self.registered = registered
    }

    /// No scope: what an agent's token has.
    package static let none = ScopeSet(sorted: [])

    /// What a person who signed in holds without any token: a scope for each permission, and the registered ones.
    ///
    /// The bound of a token's list does not hold for it.
    package static func everything(in permissions: PermissionSet, registered: some Sequence<String>) -> ScopeSet {
        let own = registered.map { Scope(text: $0, meaning: .registered) }
        return ScopeSet(sorted: (permissions.permissions.map { Scope($0) } + own).sorted())
    }

    /// The set of these scopes; `nil` for none, more than 100, or one twice.
    package init?(_ scopes: [Scope]) {
        guard Self.counts.contains(scopes.count), Set(scopes).count == scopes.count else { return nil }
        self.init(sorted: scopes.sorted())
    }

    /// Reads a list of texts and names every faulty one by its place, as in `/scopes/3`.
    ///
    /// A list of the wrong length is refused without reading it. Whether registered scopes exist is not asked here.
    package static func parse(_ texts: [String], at path: String = "/scopes") -> Result<ScopeSet, FieldFaults> {
        var check = FieldCheck()
        guard counts.contains(texts.count) else {
            check.fault(path, "must be \(counts.lowerBound) to \(counts.upperBound) scopes")
            return check.result(nil)
        }
        var seen: Set<Scope> = []
        for (place, text) in texts.enumerated() {
            do throws(ScopeFault) {
                let isNew = seen.insert(try Scope(parsing: text)).inserted
                if !isNew { check.fault("\(path)/\(place)", "must not stand twice in the list") }
            } catch {
                check.fault("\(path)/\(place)", error.message)
            }
        }
        return check.result(ScopeSet(sorted: seen.sorted()))
    }

    /// Reads a list for a new or changed token of an organization with these registered scopes.
    ///
    /// `isAdmin`: whether the one who asks holds `org:manage`; others can't choose admin-only scopes.
    package static func check(
        _ texts: [String],
        registered: [String: RegisteredScope],
        isAdmin: Bool
    ) -> Result<ScopeSet, FieldFaults> {
        parse(texts).flatMap { set in
            var check = FieldCheck()
            for (place, text) in texts.enumerated() where set.registered.contains(text) {
                guard let scope = registered[text] else {
                    check.fault("/scopes/\(place)", "must be a scope of Claviger or one the organization registered")
                    continue
                }
                if scope.isAdminOnly, !isAdmin { check.fault("/scopes/\(place)", "must be chosen by an administrator") }
            }
            return check.result(set)
        }
    }

    package var texts: [String] { scopes.map(\.text) }
    package var isBroad: Bool { scopes.contains(where: \.isBroad) }

    /// Whether any of the scopes covers the action.
    package func covers(_ action: ScopeAction, agent: AgentID? = nil, route: ScopeRoute? = nil) -> Bool {
        if anywhere.contains(action) { return true }
        if let agent, let actions = perAgent[agent], actions.contains(action) { return true }
        guard let route, !routes.isEmpty else { return false }
        return routes.contains(route)
    }

    /// Whether it holds this scope of the organization's own API.
    package func covers(registered name: String) -> Bool { registered.contains(name) }

    /// Whether all that a scope opens is covered.
    ///
    /// `routes`: what each route does; an `endpoint:` scope of an unknown route is covered by itself alone.
    package func covers(_ scope: Scope, routes known: [ScopeRoute: ScopeAction]) -> Bool {
        switch scope.meaning {
        case .actions(let actions): actions.isSubset(of: anywhere)
        case .agent(let agent, let actions):
            actions.actions.allSatisfy { covers($0, agent: agent) }
        case .endpoint(let route):
            routes.contains(route) || known[route].map { anywhere.contains($0) } ?? false
        case .registered: registered.contains(scope.text)
        }
    }

    /// The permissions of which every action is covered for every agent, on every route.
    package var wholePermissions: PermissionSet {
        PermissionSet(Permission.allCases.filter { anywhere.covers($0) })
    }
}

extension ScopeActionSet {
    /// Whether every action that needs the permission is a member.
    func covers(_ permission: Permission) -> Bool {
        ScopeAction.allCases.allSatisfy { $0.permission != permission || contains($0) }
    }
}
