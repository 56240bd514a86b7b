internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store

/// Says that this node is there, and notices which others are not (DST-3).
///
/// Each node renews its entry every second. One that was silent for ten (``LeasePace``) counts as gone: its agents are
/// disconnected, and it holds up the trimming of the change log no longer. A node that finds itself taken for gone,
/// because it was suspended, enters anew, says again which channels it holds, and looks at everything once more.
package struct NodeService: Service {
    private let channels: ChannelService
    private let status: FollowerStatus
    private let version: String
    private let pace: LeasePace

    /// The service of this node; `pace` is how often it says that it is there, and how long others may be silent.
    package init(
        channels: ChannelService,
        status: FollowerStatus,
        version: String,
        pace: LeasePace
    ) {
        self.channels = channels
        self.status = status
        self.version = version
        self.pace = pace
    }

    private var context: ControlPlaneContext { channels.context }

    /// Before anything else: this node is there, and what an earlier run left behind is no longer.
    ///
    /// An embedded database has one server: others are gone for certain, with their channels and leases.
    package func enter() async throws(ControlPlaneError) {
        let (node, version, now) = (context.node, version, context.now())
        try await context.write { tx in
            try NodeStore.enter(node, version: version, now: now, in: tx)
            try ChangeLogStore.forgetForeign(in: tx)
            guard tx.dialect == .sqlite else { return }
            try NodeStore.forget(silentSince: now, except: node, in: tx)
            try LeaseStore.forgetAll(in: tx)
            try PresenceStore.disconnectAll(now: now, in: tx)
        }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
        await leave()
    }

    private func loop() async {
        var isSilent = false
        while !Task.isCancelled {
            do throws(ControlPlaneError) {
                try await turn()
                isSilent = false
            } catch {
                // Once for each time the database is away.
                if !isSilent {
                    let reason = "\(error.cause ?? error)"
                    context.logger.warning("this node could not say that it is there", metadata: ["error": "\(reason)"])
                }
                isSilent = true
            }
            guard (try? await Task.sleep(for: pace.renewal)) != nil else { return }
        }
    }

    /// Says once that the node is there, trims what all live nodes have read, and looks for nodes that are gone.
    package func turn() async throws(ControlPlaneError) {
        let (node, version, now, low) = (context.node, version, context.now(), status.low)
        let silence = now - pace.life
        let isInterrupted = try await context.write { tx -> Bool in
            let before = try NodeStore.renew(node, changeLow: low, now: now, in: tx)
            if before == nil { try NodeStore.enter(node, version: version, now: now, in: tx) }
            if let lowest = try NodeStore.lowestChange(aliveSince: silence, in: tx), lowest > 0 {
                try ChangeLogStore.trim(before: lowest, in: tx)
            }
            try NodeStore.forget(silentSince: now - .seconds(3600), except: node, in: tx)
            return before.map { $0 <= silence } ?? true
        }
        if isInterrupted {
            context.logger.warning("this node was silent for too long and was taken for gone")
            status.lookAtEverything()
            try await channels.reassert()
        }
        try await sweep(silentSince: silence, now: now)
    }

    /// Disconnects the agents of nodes that are gone.
    private func sweep(silentSince silence: Instant, now: Instant) async throws(ControlPlaneError) {
        let context = context
        let orphans = try await context.read { tx in
            try PresenceStore.orphans(silentSince: silence, limit: 500, in: tx)
        }
        guard !orphans.isEmpty else { return }
        try await context.write { tx in
            for orphan in orphans { try orphan.disconnect(ids: context.ids, now: now, in: tx) }
        }
    }

    private func leave() async {
        let (node, context) = (context.node, context)
        do throws(ControlPlaneError) {
            try await context.write { tx in try NodeStore.leave(node, in: tx) }
        } catch {
            context.logger.info("this node left without saying so", metadata: ["error": "\(error)"])
        }
    }
}

extension PresenceStore.Orphan {
    fileprivate func disconnect(ids: IDSource, now: Instant, in tx: borrowing Transaction) throws {
        guard let place, try PresenceStore.closed(agentID, place, lastSeenAt: lastSeenAt, now: now, in: tx) else {
            return
        }
        let event = AgentEvent(
            id: ids.next(),
            agentID: agentID,
            workspaceID: workspaceID,
            kind: .disconnected,
            time: now,
            address: address,
            message: "Disconnected (the node \(place.nodeID) is gone)."
        )
        try AgentEventStore.append(event, in: tx)
    }
}
