package import Domain

/// What a request to rotate came to (ROT-15).
package struct RotationReceipt: Sendable, Hashable {
    package let rotationID: RotationID
    package let mode: RotationMode
    package let state: RotationState
    /// Whether the agent has the new token durably.
    package let agentNotified: Bool
    package let gracePeriodSeconds: Int
    /// The expiry of the token that was issued, or of the current one while none is.
    package let tokenExpiresAt: Instant?

    package init(
        rotationID: RotationID,
        mode: RotationMode,
        state: RotationState,
        agentNotified: Bool,
        gracePeriodSeconds: Int,
        tokenExpiresAt: Instant?
    ) {
        self.rotationID = rotationID
        self.mode = mode
        self.state = state
        self.agentNotified = agentNotified
        self.gracePeriodSeconds = gracePeriodSeconds
        self.tokenExpiresAt = tokenExpiresAt
    }
}

/// What a caller asks of a rotation.
package struct RotationRequest: Sendable, Hashable {
    package var mode: RotationMode
    package var reason: String?
    /// How long to wait for the agent; `nil` waits for the acknowledgement time-out, its maximum.
    package var waitSeconds: Int?
    package var requireConnected: Bool
    /// Said yes to `force`, which may strand the agent.
    package var isConfirmed: Bool

    package init(
        mode: RotationMode = .graceful,
        reason: String? = nil,
        waitSeconds: Int? = nil,
        requireConnected: Bool = false,
        isConfirmed: Bool = false
    ) {
        self.mode = mode
        self.reason = reason
        self.waitSeconds = waitSeconds
        self.requireConnected = requireConnected
        self.isConfirmed = isConfirmed
    }
}
