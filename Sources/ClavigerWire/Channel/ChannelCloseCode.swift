/// Why a channel is closed: the WebSocket close code, and its name in ``CloseParams``.
public enum ChannelCloseCode: Int, Sendable, CaseIterable {
    /// The agent was revoked: it erases tokens and keys and stops.
    case revoked = 4001
    /// The agent was deleted: it erases tokens and keys and stops.
    case deleted = 4002
    /// The agent was reset: it erases tokens and keys and stops.
    case reset = 4003
    /// The agent is paused: it keeps tokens, wipes keys and tries again at most every 60 s.
    case paused = 4004
    /// A kill switch covers the agent: it keeps tokens, wipes keys and tries again at most every 60 s.
    case blocked = 4005
    /// A newer channel of the same credential replaced this one: it keeps all and backs off to 60 s.
    case replaced = 4006
    /// The server stops or wants the agent to reconnect.
    case shutdown = 4007
    /// The agent broke the protocol: it reports this and backs off.
    case protocolError = 4400
    /// The proof did not fit the key the agent enrolled with: it reports this and backs off.
    case proofFailed = 4401

    /// The name in `agent.close`: `revoked`, `protocol_error`, and so on.
    public var name: String {
        switch self {
        case .revoked: "revoked"
        case .deleted: "deleted"
        case .reset: "reset"
        case .paused: "paused"
        case .blocked: "blocked"
        case .replaced: "replaced"
        case .shutdown: "shutdown"
        case .protocolError: "protocol_error"
        case .proofFailed: "proof_failed"
        }
    }

    /// Whether the agent has to erase its tokens and keys and stop; no other close code may make it do so.
    public var erasesTokens: Bool {
        switch self {
        case .revoked, .deleted, .reset: true
        case .paused, .blocked, .replaced, .shutdown, .protocolError, .proofFailed: false
        }
    }
}
