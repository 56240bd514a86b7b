internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store

/// Rotates connected agents before their tokens expire, ends rotations that nobody can finish, and forgets what is
/// past remembering (ROT-9).
///
/// It runs when the node takes the lease and then every interval, on the one node that holds it. Agents that are not
/// connected are left alone without a trace; each agent's error stays its own. The node that holds an agent's channel
/// hears by the change log that a rotation was asked for.
package struct RotationScheduler: Service {
    private let rotations: RotationService
    private let lease: JobLease
    /// How often it asks whether a run is due.
    private let tick: Duration

    /// A scheduler of this node; `pace` says how its lease is held.
    package init(rotations: RotationService, pace: LeasePace = .shared, tick: Duration = .seconds(1)) {
        self.rotations = rotations
        self.tick = tick
        lease = JobLease("rotation_scheduler", context: rotations.context, pace: pace)
    }

    private var channels: ChannelService { rotations.channels }
    private var context: ControlPlaneContext { rotations.context }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await lease.keep() }
                group.addTask { await loop() }
            }
        }
        await lease.release()
    }

    /// Runs and waits until it is cancelled; what a run has begun in the database is finished all the same.
    private func loop() async {
        var lastTenure: Int64?
        var next = ContinuousClock.now
        while !Task.isCancelled {
            if let tenure = lease.tenure, tenure != lastTenure || .now >= next {
                lastTenure = tenure
                next = .now + jittered(channels.settings().checkInterval)
                do throws(ControlPlaneError) {
                    try await run(in: tenure)
                } catch {
                    context.logger.error("the rotation scheduler could not run", metadata: ["error": "\(error)"])
                    next = min(next, .now + .seconds(5))
                }
            }
            try? await Task.sleep(for: min(tick, channels.settings().checkInterval))
        }
    }

    /// The interval, up to a twentieth shorter: nodes and restarts don't march in step.
    private func jittered(_ interval: Duration) -> Duration {
        let byte = context.random.bytes(1).first ?? 0
        return interval - interval / 20 * Int(byte) / 256
    }

    /// One run, if this node has or gets the lease.
    ///
    /// Answers how many rotations it began.
    @discardableResult
    package func runOnce() async throws(ControlPlaneError) -> Int {
        guard let tenure = try await lease.acquire() else { return 0 }
        return try await run(in: tenure)
    }

    @discardableResult
    private func run(in tenure: Int64) async throws(ControlPlaneError) -> Int {
        try await endExpired(in: tenure)
        return try await beginDue(in: tenure)
    }

    /// Rotations whose pending token is past its life.
    private func endExpired(in tenure: Int64) async throws(ControlPlaneError) {
        let now = context.now()
        let settings = channels.settings()
        let expired = try await context.read { tx in try RotationStore.expired(now: now, limit: 1000, in: tx) }
        for rotation in expired {
            let caller = systemCaller(rotation.organizationID, rotation.workspaceID)
            let recorder = AgentRecorder(context, caller: caller, now: now)
            let lease = lease
            let policy = settings.of(rotation.organizationID).rotationPolicy
            let isEnded = try? await context.write { tx in
                try lease.require(tenure, in: tx)
                guard var unit = try CredentialUnit.load(rotation.credentialID, policy: policy, in: tx),
                    unit.machine.expire(now: now)
                else { return false }
                let message = "The rotation expired: the agent did not come back in time."
                try recorder.event(.rotationExpired, of: unit.agent, message, rotation: rotation.id, in: tx)
                try recorder.audit("rotation.expire", of: unit.agent, outcome: .failed, rotation: rotation, in: tx)
                try unit.save(in: tx)
                return true
            }
            if isEnded == true { channels.waiters.tell(rotation.id, .over) }
        }
        let horizon = now - .days(90)
        let lease = lease
        try await context.write { tx in
            try lease.require(tenure, in: tx)
            try RetiredTokenStore.forget(before: horizon, in: tx)
        }
    }

    /// Rotates every connected agent that is due, one transaction each, on whichever node its channel is; the rate of
    /// each node's dispatcher spreads the work.
    private func beginDue(in tenure: Int64) async throws(ControlPlaneError) -> Int {
        let settings = channels.settings()
        let policies = settings.all.map(\.rotationPolicy)
        // What is due by nobody's settings is not read; whose a credential is says what counts for it.
        let earliest = policies.map { $0.period - $0.lead }.min() ?? .zero
        let lead = policies.map(\.lead).max() ?? .zero
        var begun = 0
        var cursor: PageCursor?
        repeat {
            let now = context.now()
            let after = cursor
            let page = try await context.read { tx in
                try CredentialStore.due(
                    issuedBefore: now - earliest + .microseconds(1),
                    expiresBefore: now + lead + .microseconds(1),
                    now: now,
                    after: after,
                    limit: 200,
                    in: tx
                )
            }
            cursor = page.next
            for credential in page.elements {
                let policy = settings.of(credential.organizationID).rotationPolicy
                guard credential.isDue(policy, now: now) else { continue }
                guard !Task.isCancelled, lease.tenure == tenure else { return begun }
                if await begin(credential, in: tenure) { begun += 1 }
            }
        } while cursor != nil
        return begun
    }

    private func begin(_ credential: Credential, in tenure: Int64) async -> Bool {
        let session = channels.registry.live(credential.id)
        let ask = RotationAsk(
            id: context.ids.next(),
            mode: .graceful,
            origin: .scheduler,
            requestedBy: .system("rotation_scheduler"),
            isConnected: session != nil,
            requireConnected: true
        )
        let caller = systemCaller(credential.organizationID, credential.workspaceID)
        do throws(ControlPlaneError) {
            let lease = lease
            _ = try await rotations.request(ask, agentID: credential.agentID, caller: caller) { tx in
                try lease.require(tenure, in: tx)
            }
        } catch {
            context.logger.info(
                "an agent was not rotated",
                metadata: ["agent_id": "\(credential.agentID)", "error": "\(error)"]
            )
            return false
        }
        if let session { channels.issues.add(session) }
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
