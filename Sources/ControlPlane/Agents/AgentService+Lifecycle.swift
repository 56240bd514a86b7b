package import Domain
internal import FaultPoints
internal import SQLDatabase
internal import Store

extension AgentService {
    /// Refuses every use and disconnects (REV-1); idempotent.
    package func pause(_ id: AgentID, reason: String?, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        try await authority.require(.agentsPause, caller, as: "agent.pause", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let done = try await context.writeUrgently { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent.state
            guard try steps.move(&agent, { machine throws(IdentityRefusal) in try machine.pause() }) else {
                return Moved(view: try steps.view.view(of: agent, in: tx))
            }
            agent.pausedAt = steps.now
            let interrupted = try steps.changeLive(agent, in: tx) { $0.machine.paused(now: steps.now) }
            try steps.save(&agent, from: before, .paused, "Agent paused.", "agent.pause", in: tx)
            return Moved(view: try steps.view.view(of: agent, in: tx), interrupted: interrupted)
        }
        channels.close(id, .paused)
        finish(done)
        return done.view.disconnected
    }

    /// Restores what pause put aside; the same credentials work again (REV-1).
    ///
    /// It is idempotent.
    package func resume(
        _ id: AgentID,
        reason: String? = nil,
        caller: Caller
    ) async throws(ControlPlaneError) -> AgentView {
        try await authority.require(.agentsResume, caller, as: "agent.resume", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        return try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent.state
            let pausedAt = agent.pausedAt ?? steps.now
            let isMoved = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.resume() }
            // Resuming an active agent forgives contention and changes nothing else.
            let start = isMoved ? pausedAt : steps.now
            var isForgiven = false
            _ = try steps.changeLive(agent, in: tx) { unit in
                isForgiven = unit.credential.contentionAt != nil
                unit.machine.resumed(pausedAt: start, now: steps.now)
            }
            guard isMoved else {
                if isForgiven {
                    try steps.witness(agent, from: before, .resumed, "Rotation resumed.", "agent.resume", in: tx)
                }
                return try steps.view.view(of: agent, in: tx)
            }
            agent.pausedAt = nil
            try steps.save(&agent, from: before, .resumed, "Agent resumed.", "agent.resume", in: tx)
            return try steps.view.view(of: agent, in: tx)
        }
    }

    /// Kills every token of the agent in one transaction and closes its channel (REV-2); idempotent.
    package func revoke(
        _ id: AgentID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> RevocationReceipt {
        try await authority.require(.agentsRevoke, caller, as: "agent.revoke", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let done = try await context.writeUrgently { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent.state
            let isMoved = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.revoke() }
            let killed = try steps.killAll(of: agent, in: tx)
            if isMoved {
                agent.revokedAt = steps.now
                agent.pausedAt = nil
                try steps.save(&agent, from: before, .revoked, "Agent revoked.", "agent.revoke", in: tx)
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
        try await authority.require(.agentsReset, caller, as: "agent.reset", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let (done, install) = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent.state
            _ = try steps.move(&agent) { machine throws(IdentityRefusal) in try machine.reset() }
            let killed = try steps.killAll(of: agent, in: tx)
            agent.publicKey = nil
            agent.enrolledAt = nil
            agent.pausedAt = nil
            agent.revokedAt = nil
            let install = newInstallToken(for: agent, now: steps.now)
            try CredentialStore.insert(install.credential, in: tx)
            try steps.save(
                &agent,
                from: before,
                .reset,
                "Agent reset; all its credentials were revoked.",
                "agent.reset",
                in: tx
            )
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
        reason: String? = nil,
        caller: Caller
    ) async throws(ControlPlaneError) -> InstallTokenGrant {
        try await authority.require(.agentsRegenerate, caller, as: "agent.regenerate", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: reason)
        let (view, install) = try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent.state
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
            try steps.save(
                &agent,
                from: before,
                .tokenIssued,
                "New install token generated.",
                "agent.regenerate",
                in: tx
            )
            return (try steps.view.view(of: agent, in: tx), install)
        }
        channels.close(id, .reset)
        return InstallTokenGrant(agent: view, token: install.token, expiresAt: install.expiresAt)
    }

    /// Disconnects the agent and kills its credentials; its history stays and its id is never free (AGT-9).
    package func delete(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) {
        try await authority.require(.agentsDelete, caller, as: "agent.delete", agent: id)
        let steps = LifecycleSteps(self, caller: caller, reason: nil)
        let done = try await context.writeUrgently { tx in
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
            try steps.witness(agent, from: before.state, .deleted, "Agent deleted.", "agent.delete", in: tx)
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

extension AgentView {
    /// The same after its channel was closed.
    fileprivate var disconnected: AgentView { AgentView(self, isConnected: false) }
}
