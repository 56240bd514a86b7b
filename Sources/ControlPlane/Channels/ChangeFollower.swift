internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
package import Store

/// Follows the change log, so that what another process or node changed reaches the channels of this node (REV-3).
///
/// It asks for the database's change stamp every poll and reads the log only when that moved. A change to an agent,
/// its credential or its rotation makes its channels be looked at again; a change this process made itself is looked
/// at too, which is harmless.
package struct ChangeFollower: Service {
    private let channels: ChannelService
    private let interval: Duration
    private let freshness: PollFreshness
    private let other: @Sendable ([Change]) async -> Void

    /// A follower; `other` hears of every change as well, for what else keeps copies in memory.
    package init(
        channels: ChannelService,
        interval: Duration = .milliseconds(25),
        freshness: PollFreshness = PollFreshness(),
        other: @escaping @Sendable ([Change]) async -> Void = { _ in }
    ) {
        self.channels = channels
        self.interval = interval
        self.freshness = freshness
        self.other = other
    }

    package func run() async throws {
        var position: Position?
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            position = await poll(position)
            guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: interval) }) != nil else { return }
        }
    }

    /// How far the log was read.
    package struct Position: Sendable {
        var stamp: Int64
        var sequence: Int64
    }

    /// One look; answers how far it got.
    ///
    /// The first one only finds the end of the log.
    package func poll(_ position: Position?) async -> Position? {
        let start = ContinuousClock.now
        do {
            let stamp = try await channels.context.database.changeStamp()
            guard let position else {
                let sequence = try await channels.context.database.read { tx in try ChangeLogStore.lastSequence(in: tx)
                }
                freshness.succeeded(begunAt: start)
                return Position(stamp: stamp, sequence: sequence)
            }
            guard stamp != position.stamp else {
                freshness.succeeded(begunAt: start)
                return position
            }
            let changes = try await channels.context.database.read { tx in
                try ChangeLogStore.changes(after: position.sequence, limit: Self.batch, in: tx)
            }
            await honour(changes)
            freshness.succeeded(begunAt: start)
            await other(changes)
            // A full batch leaves the stamp open, so that the rest is read at the next poll.
            return Position(
                stamp: changes.count < Self.batch ? stamp : position.stamp,
                sequence: changes.last?.sequence ?? position.sequence
            )
        } catch {
            channels.context.logger.error("the change log could not be read", metadata: ["error": "\(error)"])
            return position
        }
    }

    private static let batch = 1000

    /// Compares the live channels of the changed agents with the database and looks closer at those that differ.
    private func honour(_ changes: [Change]) async {
        let agents = Set(changes.filter { Self.kinds.contains($0.kind) }.compactMap { AgentID($0.id) })
        let sessions = agents.flatMap { channels.registry.all(of: $0) }
        guard !sessions.isEmpty else { return }
        let differing = try? await channels.context.database.read { tx in
            try sessions.filter { try $0.differs(in: tx) }
        }
        for session in differing ?? sessions { await channels.review(session) }
    }

    private static let kinds: Set<String> = ["identity", "agent", "credential", "rotation"]
}

extension ChannelSession {
    /// Whether the database says anything else of this channel than it stands on.
    fileprivate func differs(in tx: borrowing Transaction) throws -> Bool {
        guard let agent = try AgentStore.get(agentID, in: tx), agent.state == .active,
            let credential = try CredentialStore.get(credentialID, in: tx), credential.state == .live
        else { return true }
        let (isProving, slot) = withState { ($0.isProving, $0.slot) }
        guard !isProving else { return false }
        guard slot == .current else { return true }
        let (generation, isBusy) = withState { ($0.generation, $0.inFlight != nil || $0.isIssuing) }
        if credential.generation != generation { return true }
        return try isBusy != (RotationStore.running(of: credentialID, in: tx) != nil)
    }
}
