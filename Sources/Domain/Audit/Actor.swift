/// Who did something, as audit keeps it.
package struct Actor: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case user, agent, service, system, host, anonymous
    }

    package let kind: Kind
    /// The identity's id; for `host` the operating-system user; absent for `system` and `anonymous`.
    package let id: String?
    /// The name at the time: an e-mail address, an agent's name, a job's name.
    package let name: String?

    package init(kind: Kind, id: String?, name: String?) {
        self.kind = kind
        self.id = id
        self.name = name
    }

    package static let anonymous = Actor(kind: .anonymous, id: nil, name: nil)
    package static func system(_ job: String) -> Actor { Actor(kind: .system, id: nil, name: job) }
    package static func host(user: String) -> Actor { Actor(kind: .host, id: user, name: user) }
}

/// The door that an operation came in by.
package enum Surface: String, CaseIterable, Sendable {
    case api, cli, console, mcp, channel, job, host
}
