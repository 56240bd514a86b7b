package import Domain

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
