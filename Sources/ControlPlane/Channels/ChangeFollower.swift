internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
package import Store

/// What a follower tells others that keep copies in memory.
package enum ChangeNews: Sendable {
    case changes([Change])
    /// Entries may have been missed: all copies are stale.
    case everything

    /// Whether an object of one of these kinds may have changed.
    package func mayConcern(_ kinds: Set<String>) -> Bool {
        switch self {
        case .changes(let changes): changes.contains { kinds.contains($0.kind) }
        case .everything: true
        }
    }
}

/// Follows the change log, so that what another process or node changed reaches the channels of this node (REV-3).
///
/// On SQLite it asks for the database's change stamp every poll and reads the log only when that moved. A change to an
/// agent, its credential, its rotation or its channel makes this node's channels of it be looked at again, and tells
/// who waits for the rotation here; a change this node made itself is looked at too, which is harmless.
///
/// Others trim what a node has not read for ``LeasePace/life``: a node that could not poll for nearly as long looks at
/// everything again.
package struct ChangeFollower: Service {
    private let channels: ChannelService
    private let clock: DatabaseClock?
    private let interval: Duration
    private let status: FollowerStatus
    private let other: @Sendable (ChangeNews) async -> Void

    /// A follower; `other` hears of every change as well, and `clock` is set right by every poll that tells the time.
    package init(
        channels: ChannelService,
        clock: DatabaseClock? = nil,
        interval: Duration = .milliseconds(25),
        status: FollowerStatus = FollowerStatus(),
        other: @escaping @Sendable (ChangeNews) async -> Void = { _ in }
    ) {
        self.channels = channels
        self.clock = clock
        self.interval = interval
        self.status = status
        self.other = other
    }

    package func run() async throws {
        var position = Position()
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await poll(&position)
            // What a full batch left behind is read at once: until then nothing in memory is fresh.
            if position.hasMore { continue }
            let pause = position.isFailing ? interval * 4 : interval
            guard (try? await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }) != nil else { return }
        }
    }

    /// How far the log was read.
    package struct Position: Sendable {
        var stamp: Int64?
        var window: ChangeWindow?
        var isFailing = false
        /// Whether the last look took a full batch, so that more may wait.
        package fileprivate(set) var hasMore = false

        package init() {}
    }

    /// One look; the first one only finds where the log begins for this node.
    package func poll(_ position: inout Position) async {
        let start = ContinuousClock.now
        do {
            let changes = try await read(&position)
            let silence = status.silence ?? .zero
            if status.takeLookAtEverything() || silence > Self.longestSilence {
                channels.context.credentials.forgetEverything()
                await lookAtEverything()
            } else if !changes.isEmpty {
                channels.context.credentials.honour(changes)
                await honour(changes)
                await other(.changes(changes))
            }
            status.succeeded(
                begunAt: start,
                entries: changes.count,
                low: position.window?.low ?? 0,
                width: position.window?.width ?? 0,
                isComplete: !position.hasMore
            )
            if position.isFailing { channels.context.logger.notice("the change log is followed again") }
            position.isFailing = false
        } catch {
            if !position.isFailing {
                channels.context.logger.error("the change log can't be read", metadata: ["error": "\(error)"])
            }
            position.isFailing = true
            position.hasMore = false
        }
    }

    private func read(_ position: inout Position) async throws -> [Change] {
        let database = channels.context.database
        let stamp = try await database.changeStamp()
        guard position.window == nil || stamp != position.stamp else {
            position.hasMore = false
            return []
        }
        let poll: ChangePoll
        if let clock {
            poll = try await clock.poll(position.window, limit: Self.batch, in: database)
        } else {
            let window = position.window
            poll = try await database.readUrgently { tx in try ChangeLogStore.poll(window, limit: Self.batch, in: tx) }
        }
        position.window = poll.window
        position.hasMore = !poll.isComplete
        // A full batch leaves the stamp open, so that the rest is read at the next poll.
        if poll.isComplete { position.stamp = stamp }
        return poll.changes
    }

    /// Entries that one look takes at most, where they have an order (SQLite).
    package static let batch = 1000
    private static let longestSilence = Duration.seconds(8)

    private func lookAtEverything() async {
        channels.context.logger.notice("looking at everything again: changes may have been missed")
        await honour(channels.registry.all)
        await channels.tellWaiters(of: nil)
        await other(.everything)
    }

    private func honour(_ changes: [Change]) async {
        let agents = Set(changes.filter { Self.kinds.contains($0.kind) }.compactMap { AgentID($0.id) })
        await honour(agents.flatMap { channels.registry.all(of: $0) })
        let rotated = Set(changes.filter { Self.rotationKinds.contains($0.kind) }.compactMap { AgentID($0.id) })
        if !rotated.isEmpty { await channels.tellWaiters(of: rotated) }
    }

    /// Compares channels with the database and looks closer at those that differ.
    private func honour(_ sessions: [ChannelSession]) async {
        var rest = sessions[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(200))
            rest = rest.dropFirst(some.count)
            let standings = try? await channels.context.database.read { tx in
                try some.map { try $0.standing(in: tx) }
            }
            for (index, session) in some.enumerated() {
                switch standings?[index] ?? .differs {
                case .same: continue
                case .differs: await channels.review(session)
                case .replaced: session.close(.replaced)
                }
            }
        }
    }

    private static let kinds: Set<String> = ["identity", "agent", "credential", "rotation", "channel"]
    private static let rotationKinds: Set<String> = ["identity", "rotation"]
}

extension ChannelSession {
    /// What the database says of a channel, compared with what it stands on.
    fileprivate enum Standing: Sendable {
        case same, differs, replaced
    }

    fileprivate func standing(in tx: borrowing Transaction) throws -> Standing {
        guard let agent = try AgentStore.get(agentID, in: tx), agent.state == .active,
            let credential = try CredentialStore.get(credentialID, in: tx), credential.state == .live
        else { return .differs }
        guard try hasItsPlace(in: tx) else { return .replaced }
        let known = withState { state -> ChannelSession.State? in
            guard state.isProving || state.isIssuing || !state.isReady else { return state }
            // What changes now can't be told from what this channel is changing itself.
            state.mustLookAgain = true
            return nil
        }
        guard let known else { return .same }
        guard known.slot == .current, credential.generation == known.generation else { return .differs }
        let running = try RotationStore.running(of: credentialID, in: tx)?.id
        return running == known.inFlight?.command.rotationID ? .same : .differs
    }
}
