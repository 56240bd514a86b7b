internal import Domain
internal import Store
internal import Synchronization

/// The live channels of this node, one per credential, and those that are just opening.
///
/// A channel is entered before the transaction that opens it, so that a revocation that commits in between finds it.
final class ChannelRegistry: Sendable {
    private struct State {
        var live: [CredentialID: ChannelSession] = [:]
        var byAgent: [AgentID: CredentialID] = [:]
        var opening: [ObjectIdentifier: ChannelSession] = [:]
    }

    /// What became of a channel that wanted to be the live one.
    enum Registration {
        case live(replaced: ChannelSession?)
        /// A newer channel, or a change, came first.
        case outdated
    }

    private let state = Mutex(State())

    func begin(_ session: ChannelSession) {
        state.withLock { $0.opening[ObjectIdentifier(session)] = session }
    }

    func abandon(_ session: ChannelSession) {
        _ = state.withLock { $0.opening.removeValue(forKey: ObjectIdentifier(session)) }
    }

    /// Makes an opening channel the live one of its credential, unless it was closed or overtaken meanwhile.
    func register(_ session: ChannelSession) -> Registration {
        state.withLock { state in
            state.opening[ObjectIdentifier(session)] = nil
            let (isClosed, newer) = session.withState { ($0.closeReason != nil || $0.isGone, $0.order) }
            guard !isClosed else { return .outdated }
            let older = state.live[session.credentialID]
            let order = older?.withState { $0.order } ?? (version: 0, channel: 0)
            guard order.version <= newer.version, order.channel <= newer.channel else { return .outdated }
            state.live[session.credentialID] = session
            state.byAgent[session.agentID] = session.credentialID
            return .live(replaced: older)
        }
    }

    /// Forgets a channel; answers whether it was the live one.
    func remove(_ session: ChannelSession) -> Bool {
        state.withLock { state in
            state.opening[ObjectIdentifier(session)] = nil
            guard state.live[session.credentialID] === session else { return false }
            state.live[session.credentialID] = nil
            if state.byAgent[session.agentID] == session.credentialID { state.byAgent[session.agentID] = nil }
            return true
        }
    }

    func live(_ credential: CredentialID) -> ChannelSession? {
        state.withLock { $0.live[credential] }
    }

    func live(_ agent: AgentID) -> ChannelSession? {
        state.withLock { state in state.byAgent[agent].flatMap { state.live[$0] } }
    }

    func isLive(_ session: ChannelSession) -> Bool {
        state.withLock { $0.live[session.credentialID] === session }
    }

    /// The live channel of an agent and those that are opening.
    func all(of agent: AgentID) -> [ChannelSession] {
        state.withLock { state in
            let live = state.byAgent[agent].flatMap { state.live[$0] }
            return state.opening.values.filter { $0.agentID == agent } + (live.map { [$0] } ?? [])
        }
    }

    var all: [ChannelSession] {
        state.withLock { state in Array(state.live.values) + Array(state.opening.values) }
    }

    var liveSessions: [ChannelSession] {
        state.withLock { Array($0.live.values) }
    }

    var liveCount: Int { state.withLock { $0.live.count } }
}

extension ChannelSession.State {
    /// What a newer channel is told by.
    fileprivate var order: (version: Int64, channel: Int64) { (version, place?.channel ?? 0) }
}
