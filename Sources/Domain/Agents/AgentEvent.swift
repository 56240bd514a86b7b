/// One line of an agent's history (AGT-8).
package struct AgentEvent: Hashable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case created, enrolled, connected, disconnected, updated, paused, resumed, revoked, reset, deleted, error
        case tokenIssued = "token_issued"
        case rotated
        case rotationRequested = "rotation_requested"
        case rotationFailed = "rotation_failed"
        case rotationCancelled = "rotation_cancelled"
        case rotationExpired = "rotation_expired"
        case graceEnded = "grace_ended"
        case retiredTokenUsed = "retired_token_used"
        case installTokenRefused = "install_token_refused"
        case channelContention = "channel_contention"
        case keysDelivered = "keys_delivered"
    }

    package let id: EventID
    package let agentID: AgentID
    package let workspaceID: WorkspaceID
    package let kind: Kind
    package let time: Instant
    package let address: String?
    package let message: String
    package let rotationID: RotationID?

    package init(
        id: EventID,
        agentID: AgentID,
        workspaceID: WorkspaceID,
        kind: Kind,
        time: Instant,
        address: String? = nil,
        message: String,
        rotationID: RotationID? = nil
    ) {
        self.id = id
        self.agentID = agentID
        self.workspaceID = workspaceID
        self.kind = kind
        self.time = time
        self.address = address
        self.message = message
        self.rotationID = rotationID
    }
}
