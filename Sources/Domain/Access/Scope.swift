/// One thing that a token may do (TOK-3), as one canonical text.
///
/// - `agents:rotate`: what this permission covers; where no permission has the name, this one action. One to read covers
///   nothing of another resource: `agents:read` shows no settings, although who reads agents may see them;
/// - `tokens:read`, `agents:write`: every action of the resource that changes nothing, or something;
/// - `agents:*`: everything of the resource. It is broad, and the only wildcard;
/// - `agents:rotate:agt_…`: the same, to this agent alone;
/// - `endpoint:GET:/api/v1/agents/{id}`: exactly what this route does, there and nowhere else;
/// - `invoices:read`: a scope that the organization registered for its own API. It opens nothing of Claviger.
package struct Scope: Hashable, Sendable {
    package enum Meaning: Hashable, Sendable {
        case actions(ScopeActionSet)
        case agent(AgentID, ScopeActionSet)
        case endpoint(ScopeRoute)
        case registered
    }

    package static let maximumLength = 128

    package let text: String
    package let meaning: Meaning
    /// Whether it is `resource:*`.
    package let isBroad: Bool

    init(text: String, meaning: Meaning, isBroad: Bool = false) {
        self.text = text
        self.meaning = meaning
        self.isBroad = isBroad
    }

    /// The scope of a permission's own name.
    package init(_ permission: Permission) {
        self.init(text: permission.rawValue, meaning: .actions(ScopeActionSet(named: permission)))
    }

    /// Whether it covers an action, done to this agent if it is done to one, asked for at this route.
    package func covers(_ action: ScopeAction, agent: AgentID? = nil, route: ScopeRoute? = nil) -> Bool {
        switch meaning {
        case .actions(let actions): actions.contains(action)
        case .agent(let one, let actions): agent == one && actions.contains(action)
        case .endpoint(let one): route == one
        case .registered: false
        }
    }

    /// What the scope needs of its owner, if the route of an `endpoint:` scope does this action.
    package func permissions(routes: [ScopeRoute: ScopeAction]) -> PermissionSet {
        switch meaning {
        case .actions(let actions), .agent(_, let actions): actions.permissions
        case .endpoint(let route): routes[route].map { PermissionSet($0.permission) } ?? []
        case .registered: []
        }
    }
}

extension Scope: Comparable, CustomStringConvertible {
    package var description: String { text }

    /// By the bytes of their texts: the canonical order.
    package static func < (left: Scope, right: Scope) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

/// Why a text is no scope, as a sentence for its field that says what would be right.
package struct ScopeFault: Error, Hashable, Sendable {
    package let message: String

    package init(_ message: String) { self.message = message }
}
