internal import Domain
internal import SQLDatabase
internal import Store

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
        policy = service.channels.policy(of: caller.organizationID)
        view = service.viewing(of: caller)
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
        from before: IdentityState,
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
        try witness(agent, from: before, kind, message, action, in: tx)
    }

    /// Writes the agent's event and the audit event, which shows the status before and after.
    func witness(
        _ agent: Agent,
        from before: IdentityState,
        _ kind: AgentEvent.Kind,
        _ message: String,
        _ action: String,
        in tx: borrowing Transaction
    ) throws {
        try recorder.event(kind, of: agent, reason.map { "\(message) Reason: \($0)" } ?? message, in: tx)
        try recorder.audit(
            action,
            of: agent,
            reason: reason,
            before: before.auditJSON,
            after: agent.deletedAt == nil ? agent.state.auditJSON : IdentityState.deletedAuditJSON,
            in: tx
        )
    }
}
