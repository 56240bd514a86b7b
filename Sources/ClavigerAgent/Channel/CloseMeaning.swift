/// Why a credential came to its end; also the word that is stored.
public enum AgentEnd: String, Sendable, CaseIterable {
    case revoked
    case deleted
    case reset
}

/// What the end of a channel asks of the agent (the table of close codes in the agent protocol).
package enum CloseMeaning: Sendable, Equatable {
    /// Erase tokens and key, stop.
    case erase(AgentEnd)
    /// Keep everything and come back after a minute.
    case waitLong
    /// Keep everything and reconnect.
    case reconnect
    /// Something is wrong on this side or that; report it, back off.
    case fault

    package init(code: UInt16) {
        self =
            switch code {
            case 4001: .erase(.revoked)
            case 4002: .erase(.deleted)
            case 4003: .erase(.reset)
            case 4004, 4005, 4006: .waitLong
            case 4400, 4401, 1002, 1003, 1007, 1008, 1009: .fault
            default: .reconnect
            }
    }
}
