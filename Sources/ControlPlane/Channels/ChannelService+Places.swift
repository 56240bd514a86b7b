internal import Domain
internal import SQLDatabase
internal import Store

/// Which of an agent's channels is the live one: the one that was opened last, on whichever node (DST-3).
extension ChannelService {
    /// Says again which channels this node holds, after it was taken for gone; those that were replaced meanwhile end.
    func reassert() async throws(ControlPlaneError) {
        let sessions = registry.liveSessions.sorted { $0.agentID < $1.agentID }
        var rest = sessions[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(200))
            rest = rest.dropFirst(some.count)
            let now = context.now()
            let replaced = try await context.write { tx in
                try some.filter { session in
                    guard let place = session.withState({ $0.place }) else { return false }
                    return try !PresenceStore.reasserted(session.agentID, place, now: now, in: tx)
                }
            }
            for session in replaced { session.close(.replaced) }
        }
    }

    /// Whether the agent's live channel is on another node.
    func isElsewhere(_ agentID: AgentID, in tx: borrowing Transaction) throws -> Bool {
        try PresenceStore.get(agentID, in: tx)?.isElsewhere(than: context.node) ?? false
    }
}

extension AgentPresence {
    /// Whether another node holds the live channel.
    func isElsewhere(than node: NodeIdentity) -> Bool { isConnected && nodeID != nil && nodeID != node.id }
}

extension ChannelSession {
    /// Makes this the agent's newest channel, in the transaction that opens it; answers its number, and whether two
    /// machines have thrown each other out too often (ROT-8).
    ///
    /// `older` is the channel of this node that is being replaced, and when it was heard last.
    func takePlace(
        on node: NodeIdentity,
        from older: (place: ChannelPlace?, lastHeard: Instant)?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> (place: ChannelPlace, isContended: Bool) {
        let newest = try PresenceStore.newest(of: agentID, in: tx)
        var contention = newest?.contention ?? ChannelContention()
        var isContended = false
        if let newest, newest.isConnected {
            // Another machine's, or one that was heard so lately that it can't be the same machine coming back.
            let isHeard = older.map { $0.place == newest.place && now - $0.lastHeard <= .seconds(3) } ?? false
            if newest.peer != peer || isHeard {
                isContended = contention.replaced(newest.peer, by: peer, at: now)
            }
        }
        let number = try PresenceStore.opened(
            agentID,
            on: node,
            peer: peer,
            contention: contention,
            address: address,
            now: now,
            in: tx
        )
        return (ChannelPlace(channel: number, nodeID: node.id), isContended)
    }

    /// Whether this is still the agent's newest channel.
    func hasItsPlace(in tx: borrowing Transaction) throws -> Bool {
        guard let place = withState({ $0.place }) else { return true }
        return try PresenceStore.newest(of: agentID, in: tx)?.place == place
    }
}
