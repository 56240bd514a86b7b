package import Domain

/// One agent's connection as the control plane sees it; an edge puts the frames on the wire.
///
/// Both calls return at once and keep their order; what is sent to a connection that is gone is dropped.
package protocol AgentConnection: AnyObject, Sendable {
    func send(_ command: ChannelCommand)
    /// Says the reason (`agent.close`), then closes with its code.
    ///
    /// Later calls do nothing.
    func close(_ reason: ChannelCloseReason)
}

/// What the server tells an agent.
package enum ChannelCommand: Sendable {
    /// `agent.rotate_token`: take this token, store it durably, answer, and prove it.
    case rotate(RotateCommand)
    /// `agent.mode`: the channel became full or renew-only.
    case mode(ChannelMode)
}

/// The token of one attempt of a rotation, on its way to the agent.
package struct RotateCommand: Sendable {
    package let rotationID: RotationID
    package let attempt: Int
    package let newToken: Token
    package let expiresAt: Instant
    package let gracePeriodSeconds: Int

    package init(
        rotationID: RotationID,
        attempt: Int,
        newToken: Token,
        expiresAt: Instant,
        gracePeriodSeconds: Int
    ) {
        self.rotationID = rotationID
        self.attempt = attempt
        self.newToken = newToken
        self.expiresAt = expiresAt
        self.gracePeriodSeconds = gracePeriodSeconds
    }
}

/// How much a channel may do.
package enum ChannelMode: String, Sendable, CaseIterable {
    case full
    /// Hello without keys or settings, rotation, authenticate, heartbeat.
    case renewOnly = "renew-only"
}

/// Why the server closes a channel; the raw value is the reason on the wire.
package enum ChannelCloseReason: String, Sendable, CaseIterable {
    case revoked, deleted, reset, paused, blocked, replaced, shutdown
    /// The agent should connect again at once; the same code as ``shutdown``.
    case reconnect
    case protocolError = "protocol_error"
    case proofFailed = "proof_failed"
    /// The token is past its expiry and the offline allowance; the same code as ``proofFailed``.
    case expired

    /// The WebSocket close code.
    package var code: UInt16 {
        switch self {
        case .revoked: 4001
        case .deleted: 4002
        case .reset: 4003
        case .paused: 4004
        case .blocked: 4005
        case .replaced: 4006
        case .shutdown, .reconnect: 4007
        case .protocolError: 4400
        case .proofFailed, .expired: 4401
        }
    }
}
