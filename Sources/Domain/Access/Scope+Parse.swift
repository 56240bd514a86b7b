extension Scope {
    /// Reads a scope; there is one way to write each, so that ``text`` is what was read.
    ///
    /// A name of a resource that isn't ours is read as a registered scope; whether it is registered is asked of
    /// ``ScopeSet/check(_:registered:isAdmin:)``.
    package init(parsing text: String) throws(ScopeFault) {
        guard (1...Self.maximumLength).contains(text.utf8.count) else {
            throw ScopeFault("must have 1 to \(Self.maximumLength) characters")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ScopeFault("must have no spaces, control characters or characters outside ASCII")
        }
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count > 1 else { throw ScopeFault("must be written resource:action, like agents:read") }
        if parts[0] == "endpoint" {
            self = try Self.endpoint(text, parts)
        } else if text.utf8.contains(UInt8(ascii: "*")) {
            self = try Self.wildcard(text, parts)
        } else if parts.count == 3 {
            self = try Self.agent(text, parts)
        } else if ScopeAction.resources.contains(String(parts[0])) {
            self.init(text: text, meaning: .actions(try Self.actions(String(parts[0]), String(parts[1]))))
        } else {
            guard RegisteredScope.isName(text) else { throw ScopeFault(RegisteredScope.nameSentence) }
            self.init(text: text, meaning: .registered)
        }
    }

    private static func endpoint(_ text: String, _ parts: [Substring]) throws(ScopeFault) -> Scope {
        guard parts.count == 3, let route = ScopeRoute(method: parts[1], template: parts[2]) else {
            let methods = ScopeRoute.methods.joined(separator: ", ")
            throw ScopeFault(
                "must be endpoint:METHOD:/template with one of \(methods), like endpoint:GET:/api/v1/agents/{id}"
            )
        }
        return Scope(text: text, meaning: .endpoint(route))
    }

    private static func wildcard(_ text: String, _ parts: [Substring]) throws(ScopeFault) -> Scope {
        guard parts.count == 2, parts[1] == "*" else {
            throw ScopeFault("must have no wildcard but the whole of one resource, like agents:*")
        }
        let actions = ScopeAction.allCases.filter { $0.resource == parts[0] }
        guard !actions.isEmpty else { throw ScopeFault("must name a resource of Claviger before :*, like agents:*") }
        return Scope(text: text, meaning: .actions(ScopeActionSet(actions)), isBroad: true)
    }

    private static func agent(_ text: String, _ parts: [Substring]) throws(ScopeFault) -> Scope {
        guard parts[0] == "agents" else {
            throw ScopeFault("must be resource:action; only agents are named one by one, like agents:rotate:agt_…")
        }
        guard let agent = AgentID(String(parts[2])) else {
            throw ScopeFault("must end with an agent's id, like agents:rotate:agt_…")
        }
        let actions = try actions("agents", String(parts[1])).actions.filter(\.isOfOneAgent)
        guard !actions.isEmpty else {
            throw ScopeFault("must name an action that is done to one agent, like agents:rotate:agt_…")
        }
        return Scope(text: text, meaning: .agent(agent, ScopeActionSet(actions)))
    }

    /// A permission's name means what it covers; `read` and `write` the two kinds of action; else it is one action.
    private static func actions(_ resource: String, _ name: String) throws(ScopeFault) -> ScopeActionSet {
        if let permission = Permission(rawValue: "\(resource):\(name)") {
            return ScopeActionSet(named: permission)
        }
        let all = ScopeAction.allCases.filter { $0.resource == resource }
        let chosen = all.filter { action in
            switch name {
            case "read": !action.isChange
            case "write": action.isChange
            default: action.text == "\(resource):\(name)"
            }
        }
        guard !chosen.isEmpty else {
            let names = all.map { String($0.text.dropFirst(resource.count + 1)) }.sorted().joined(separator: ", ")
            throw ScopeFault("must name an action of \(resource): \(names)")
        }
        return ScopeActionSet(chosen)
    }
}
