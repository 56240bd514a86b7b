/// The fixed words and figures of the agent channel.
public enum ChannelProtocol {
    /// The WebSocket subprotocol.
    public static let subprotocol = "claviger.agent.v1"
    /// The longest text frame in bytes, fragments joined: 256 KiB.
    public static let maximumFrameBytes = 256 * 1_024
    /// Greatest depth of a frame's JSON.
    public static let maximumDepth = 32
    /// Bytes of the challenge's nonce.
    public static let nonceBytes = 32
}

/// The methods of the agent channel.
public enum ChannelMethod {
    /// Server to agent, notification: ``ChallengeParams``.
    public static let challenge = "agent.challenge"
    /// Agent to server, request: ``HelloParams``, ``HelloResult``.
    public static let hello = "agent.hello"
    /// Server to agent, request: ``RotateTokenParams``, ``RotateTokenResult``.
    public static let rotateToken = "agent.rotate_token"
    /// Agent to server, request: ``AuthenticateParams``, ``AuthenticateResult``.
    public static let authenticate = "agent.authenticate"
    /// Agent to server, notification: ``RotationCompleteParams``.
    public static let rotationComplete = "agent.rotation_complete"
    /// Agent to server, notification: ``RotationFailedParams``.
    public static let rotationFailed = "agent.rotation_failed"
    /// Server to agent, notification, behind its capability: ``ModeParams``.
    public static let mode = "agent.mode"
    /// Server to agent, notification: ``CloseParams``.
    public static let close = "agent.close"
    /// Agent to server, request: ``HeartbeatParams``, ``HeartbeatResult``.
    public static let heartbeat = "agent.heartbeat"

    /// All methods of this version.
    public static let all = [
        challenge,
        hello,
        rotateToken,
        authenticate,
        rotationComplete,
        rotationFailed,
        mode,
        close,
        heartbeat,
    ]
}
