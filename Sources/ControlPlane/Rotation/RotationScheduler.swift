internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store

/// Rotates connected agents before their tokens expire, ends rotations that nobody can finish, and forgets what is
/// past remembering (ROT-9).
///
/// It runs at the start and then every interval, on the one node that holds the lease. Agents that are not connected
/// are left alone without a trace; each agent's error stays its own.
package struct RotationScheduler: Service {
    private let rotations: RotationService
    private let node: String

    /// A scheduler for the node with this name.
    package init(rotations: RotationService, node: String) {
        self.rotations = rotations
        self.node = node
    }

    private var channels: ChannelService { rotations.channels }
    private var context: ControlPlaneContext { rotations.context }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await loop() }
    }

    /// Runs and waits until it is cancelled; what a run has begun in the database is finished all the same.
    private func loop() async {
        while !Task.isCancelled {
            do throws(ControlPlaneError) {
                try await runOnce()
            } catch {
                context.logger.error("the rotation scheduler could not run", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: jittered(channels.policy.checkInterval))
        }
    }

    /// The interval, up to a twentieth shorter: nodes and restarts don't march in step.
    private func jittered(_ interval: Duration) -> Duration {
        let byte = context.random.bytes(1).first ?? 0
        return interval - interval / 20 * Int(byte) / 256
    }

    /// One run, if this node holds the lease.
    ///
    /// Answers how many rotations it began.
    @discardableResult
    package func runOnce() async throws(ControlPlaneError) -> Int {
        guard try await holdsLease() else { return 0 }
        try await endExpired()
        return try await beginDue()
    }

    private func holdsLease() async throws(ControlPlaneError) -> Bool {
        let now = context.now()
        let until = now + channels.policy.checkInterval + channels.policy.checkInterval / 2
        let node = node
        return try await context.write { tx in
            try LeaseStore.acquire("rotation_scheduler", holder: node, now: now, until: until, in: tx)
        }
    }

    /// Rotations whose pending token is past its life.
    private func endExpired() async throws(ControlPlaneError) {
        let now = context.now()
        let policy = channels.policy
        let expired = try await context.read { tx in try RotationStore.expired(now: now, limit: 1000, in: tx) }
        for rotation in expired {
            let caller = systemCaller(rotation.organizationID, rotation.workspaceID)
            let recorder = AgentRecorder(context, caller: caller, now: now)
            let isEnded = try? await context.write { tx in
                guard var unit = try CredentialUnit.load(rotation.credentialID, policy: policy, in: tx),
                    unit.machine.expire(now: now)
                else { return false }
                let message = "The rotation expired: the agent did not come back in time."
                try recorder.event(.rotationExpired, of: unit.agent, message, rotation: rotation.id, in: tx)
                try recorder.audit("rotation.expire", of: unit.agent, outcome: .failed, in: tx)
                try unit.save(in: tx)
                return true
            }
            if isEnded == true { channels.waiters.tell(rotation.id, .over) }
        }
        let horizon = now - .days(90)
        try await context.write { tx in
            try RetiredTokenStore.forget(before: horizon, in: tx)
            let kept = try ChangeLogStore.lastSequence(in: tx) - 100_000
            if kept > 0 { _ = try ChangeLogStore.trim(upTo: kept, in: tx) }
        }
    }

    /// Rotates every connected agent that is due, one transaction each; the dispatcher's rate spreads the work.
    private func beginDue() async throws(ControlPlaneError) -> Int {
        let policy = channels.policy
        var begun = 0
        for session in channels.registry.liveSessions where session.canIssue {
            if Task.isCancelled { break }
            let now = context.now()
            let due = try? await context.read { tx -> Bool in
                guard let credential = try CredentialStore.get(session.credentialID, in: tx),
                    credential.isDue(policy, now: now)
                else { return false }
                return try RotationStore.running(of: credential.id, in: tx) == nil
            }
            guard due == true else { continue }
            if await begin(session) { begun += 1 }
        }
        return begun
    }

    private func begin(_ session: ChannelSession) async -> Bool {
        let ask = RotationAsk(
            id: context.ids.next(),
            mode: .graceful,
            origin: .scheduler,
            requestedBy: .system("rotation_scheduler"),
            isConnected: true
        )
        let caller = systemCaller(session.organizationID, session.workspaceID)
        do throws(ControlPlaneError) {
            _ = try await rotations.request(ask, agentID: session.agentID, caller: caller)
        } catch {
            context.logger.info(
                "an agent was not rotated",
                metadata: ["agent_id": "\(session.agentID)", "error": "\(error)"]
            )
            return false
        }
        channels.issues.add(session)
        return true
    }

    private func systemCaller(_ organization: OrganizationID, _ workspace: WorkspaceID) -> Caller {
        .system(
            job: "rotation_scheduler",
            requestID: context.ids.next(EventID.self).text,
            organizationID: organization,
            workspaceID: workspace
        )
    }
}
