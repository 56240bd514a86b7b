package import Domain

/// What a list of agents is narrowed to; absent fields narrow nothing.
package struct AgentFilter: Hashable, Sendable {
    package var states: [IdentityState]?
    package var isConnected: Bool?
    package var environment: String?
    package var region: String?
    /// All of these have to be there.
    package var labels: [String: String] = [:]
    /// Part of name, slug or description, whatever the case.
    package var text: String?

    package init() {}
}

/// An agent as lists show it.
package struct AgentWithPresence: Hashable, Sendable {
    package let agent: Agent
    /// Absent if it has never been connected.
    package let presence: AgentPresence?

    package init(agent: Agent, presence: AgentPresence?) {
        self.agent = agent
        self.presence = presence
    }
}
