package import Domain
internal import FaultPoints
internal import SQLDatabase
internal import Store

extension AgentService {
    /// Refuses every use and disconnects (REV-1); idempotent.
    package func pause(_ id: AgentID, reason: String?, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        try await authority.require(.agentsPause, caller, action: "agent.pause", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let done = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            guard try steps.move(&agent, { machine throws(IdentityRefusal) in try machine.pause() }) else {
                return Moved(view: try steps.view.view(of: agent, in: tx))
            }
            agent.pausedAt = steps.now
            let interrupted = try steps.changeLive(agent, in: tx) { $0.machine.paused(now: steps.now) }
            try steps.save(&agent, .paused, "Agent paused.", "agent.pause", in: tx)
            return Moved(view: try steps.view.view(of: agent, in: tx), interrupted: interrupted)
        }
        channels.close(id, .paused)
        finish(done)
        return done.view.disconnected
    }

    /// Restores what pause put aside; the same credentials work again (REV-1). Idempotent.
    package func resume(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        try await authority.require(.agentsPause, caller, action: "agent.resume", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: nil)
        return try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let pausedAt = agent.pausedAt ?? steps.now
            let isMoved = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.resume() }
            // Resuming an active agent forgives contention and changes nothing else.
            let start = isMoved ? pausedAt : steps.now
            _ = try steps.changeLive(agent, in: tx) { $0.machine.resumed(pausedAt: start, now: steps.now) }
            guard isMoved else { return try steps.view.view(of: agent, in: tx) }
            agent.pausedAt = nil
            try steps.save(&agent, .resumed, "Agent resumed.", "agent.resume", in: tx)
            return try steps.view.view(of: agent, in: tx)
        }
    }

    /// Kills every token of the agent in one transaction and closes its channel (REV-2); idempotent.
    package func revoke(
        _ id: AgentID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> RevocationReceipt {
        try await authority.require(.agentsRevoke, caller, action: "agent.revoke", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let done = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let isMoved = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.revoke() }
            let killed = try steps.killAll(of: agent, in: tx)
            if isMoved {
                agent.revokedAt = steps.now
                agent.pausedAt = nil
                try steps.save(&agent, .revoked, "Agent revoked.", "agent.revoke", in: tx)
            }
            FaultPoints.reach("revoke.before-commit")
            return Moved(view: try steps.view.view(of: agent, in: tx), killed: killed)
        }
        FaultPoints.reach("revoke.after-commit")
        channels.close(id, .revoked)
        finish(done)
        return RevocationReceipt(agent: done.view.disconnected, revokedCredentials: done.killed.count)
    }

    /// Kills every token and begins anew with the same id and history (AGT-6); from every state.
    package func reset(
        _ id: AgentID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> InstallTokenGrant {
        try await authority.require(.agentsEnroll, caller, action: "agent.reset", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let (done, install) = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            _ = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.reset() }
            let killed = try steps.killAll(of: agent, in: tx)
            agent.publicKey = nil
            agent.enrolledAt = nil
            agent.pausedAt = nil
            agent.revokedAt = nil
            let install = newInstallToken(for: agent, now: steps.now)
            try CredentialStore.insert(install.credential, in: tx)
            try steps.save(&agent, .reset, "Agent reset; all its credentials were revoked.", "agent.reset", in: tx)
            FaultPoints.reach("reset.before-commit")
            return (Moved(view: try steps.view.view(of: agent, in: tx), killed: killed), install)
        }
        FaultPoints.reach("reset.after-commit")
        channels.close(id, .reset)
        finish(done)
        return InstallTokenGrant(agent: done.view.disconnected, token: install.token, expiresAt: install.expiresAt)
    }

    /// Gives a new install token while the agent is pending, and kills the old one at once (AGT-5).
    package func regenerateInstallToken(
        _ id: AgentID,
        caller: Caller
    ) async throws(ControlPlaneError) -> InstallTokenGrant {
        try await authority.require(.agentsEnroll, caller, action: "agent.regenerate", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: nil)
        let (view, install) = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            var machine = IdentityLifecycle(state: agent.state)
            do throws(IdentityRefusal) {
                try machine.regenerate()
            } catch {
                throw ControlPlaneError(error)
            }
            _ = try steps.killAll(of: agent, in: tx)
            agent.publicKey = nil
            agent.enrolledAt = nil
            let install = newInstallToken(for: agent, now: steps.now)
            try CredentialStore.insert(install.credential, in: tx)
            try steps.save(&agent, .tokenIssued, "New install token generated.", "agent.regenerate", in: tx)
            return (try steps.view.view(of: agent, in: tx), install)
        }
        channels.close(id, .reset)
        return InstallTokenGrant(agent: view, token: install.token, expiresAt: install.expiresAt)
    }

    /// Disconnects the agent and kills its credentials; its history stays and its id is never free (AGT-9).
    package func delete(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) {
        try await authority.require(.agentsEnroll, caller, action: "agent.delete", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: nil)
        let done = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent
            _ = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.delete() }
            let killed = try steps.killAll(of: agent, in: tx)
            agent.revokedAt = agent.revokedAt ?? steps.now
            agent.pausedAt = nil
            agent.deletedAt = steps.now
            agent.updatedAt = steps.now
            agent.version += 1
            guard try AgentStore.update(agent, expectedVersion: before.version, in: tx) else {
                throw CredentialUnit.lostRace
            }
            try steps.witness(agent, .deleted, "Agent deleted.", "agent.delete", in: tx)
            return Moved(view: try steps.view.view(of: agent, in: tx), killed: killed)
        }
        FaultPoints.reach("delete.after-commit")
        channels.close(id, .deleted)
        finish(done)
    }

    /// Who waits for a rotation that ended hears so.
    private func finish(_ done: Moved) {
        for id in done.killed.rotations + [done.interrupted].compactMap({ $0 }) { channels.waiters.tell(id, .over) }
    }

    private struct Moved: Sendable {
        let view: AgentView
        var killed = LifecycleSteps.Killed()
        var interrupted: RotationID?
    }
}

/// The steps that the events of an agent's life share, inside their transaction.
struct LifecycleSteps: Sendable {
    /// What died.
    struct Killed: Sendable {
        var count = 0
        var rotations: [RotationID] = []
    }

    let now: Instant
    let policy: RotationPolicy
    let view: AgentViewing
    private let recorder: AgentRecorder
    private let reason: String?

    init(_ service: AgentService, caller: Caller, reason: String?) {
        now = service.context.now()
        policy = service.channels.policy
        view = service.viewing()
        recorder = AgentRecorder(service.context, caller: caller, now: now)
        self.reason = reason
    }

    /// Asks the state machine; answers whether the state moves.
    func move(
        _ agent: inout Agent,
        _ event: (inout IdentityLifecycle) throws(IdentityRefusal) -> IdentityChange
    ) throws(ControlPlaneError) -> Bool {
        var machine = IdentityLifecycle(state: agent.state)
        let change: IdentityChange
        do throws(IdentityRefusal) {
            change = try event(&machine)
        } catch {
            throw ControlPlaneError(error)
        }
        agent.state = machine.state
        return change != .none
    }

    /// Changes the live agent credential, if there is one; answers the rotation that ran.
    func changeLive(
        _ agent: Agent,
        in tx: borrowing Transaction,
        _ body: (inout CredentialUnit) -> Void
    ) throws -> RotationID? {
        guard var unit = try CredentialUnit.loadLive(of: agent, policy: policy, in: tx) else { return nil }
        let running = unit.machine.running?.id
        body(&unit)
        try unit.save(in: tx)
        return running
    }

    /// Revokes every live credential: install, current, pending, previous.
    func killAll(of agent: Agent, in tx: borrowing Transaction) throws -> Killed {
        var killed = Killed()
        for credential in try CredentialStore.list(of: agent.id, in: tx) where credential.state == .live {
            var unit = try CredentialUnit(agent: agent, credential: credential, policy: policy, in: tx)
            if let running = unit.machine.running { killed.rotations.append(running.id) }
            unit.machine.revoked(now: now)
            try unit.save(in: tx)
            killed.count += 1
        }
        return killed
    }

    /// Writes the identity and the witnesses of the change.
    func save(
        _ agent: inout Agent,
        _ kind: AgentEvent.Kind,
        _ message: String,
        _ action: String,
        in tx: borrowing Transaction
    ) throws {
        let version = agent.version
        agent.version += 1
        guard try AgentStore.updateIdentity(agent, expectedVersion: version, in: tx) else {
            throw CredentialUnit.lostRace
        }
        try witness(agent, kind, message, action, in: tx)
    }

    func witness(
        _ agent: Agent,
        _ kind: AgentEvent.Kind,
        _ message: String,
        _ action: String,
        in tx: borrowing Transaction
    ) throws {
        try recorder.event(kind, of: agent, reason.map { "\(message) Reason: \($0)" } ?? message, in: tx)
        try recorder.audit(action, of: agent, reason: reason, in: tx)
    }
}

extension AgentView {
    /// The same after its channel was closed.
    fileprivate var disconnected: AgentView { AgentView(self, isConnected: false) }
}
