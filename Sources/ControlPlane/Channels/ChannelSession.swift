package import Domain

/// One open channel of one agent; made by ``ChannelService/open(_:hello:connection:)`` and handed back with each call.
package final class ChannelSession: Sendable {
    package let agentID: AgentID
    package let credentialID: CredentialID

    init(agentID: AgentID, credentialID: CredentialID) {
        self.agentID = agentID
        self.credentialID = credentialID
    }
}
