package import Domain
internal import FaultPoints
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Rotations as operators see them: ask for one, look at it, cancel it, end a grace.
package struct RotationService: Sendable {
    let context: ControlPlaneContext
    let channels: ChannelService
    private let authority: AgentAuthority

    package init(context: ControlPlaneContext, channels: ChannelService) {
        self.context = context
        self.channels = channels
        authority = AgentAuthority(context: context)
    }

    /// Rotates the agent's token; waits for the agent as long as the request says (ROT-15).
    ///
    /// Throws `RotationFailed` with the agent's reason if it answers that it can't. A disconnected agent is rotated
    /// when it comes back.
    package func rotate(
        _ agentID: AgentID,
        request: RotationRequest,
        caller: Caller
    ) async throws(ControlPlaneError) -> RotationReceipt {
        try await authority.require(.agentsRotate, caller, as: "rotation.request", agent: agentID)
        let session = channels.registry.live(agentID).flatMap { $0.canIssue ? $0 : nil }
        let ask = RotationAsk(
            id: context.ids.next(),
            mode: request.mode,
            origin: .operator,
            reason: request.reason.map(SecretRedaction.redact),
            requestedBy: caller.actor,
            isConnected: session != nil,
            requireConnected: request.requireConnected,
            isConfirmed: request.isConfirmed
        )
        let asked = try await self.request(ask, agentID: agentID, caller: caller)
        FaultPoints.reach("rotation.after-request-commit")
        guard session != nil || asked.isElsewhere else { return receipt(asked, news: nil) }
        let wait = channels.waiters.begin(asked.rotation.id, of: agentID)
        if let session { channels.issues.add(session) }
        // The node that holds the channel may have been faster than this one in beginning to wait.
        if asked.isElsewhere { await channels.tellWaiters(of: [agentID]) }
        let news = await wait.news(within: limit(request.waitSeconds))
        let latest = try await latest(asked)
        try Self.refuseIfOver(latest.rotation)
        return receipt(latest, news: news)
    }

    /// A rotation that ended without a promotion is no success, whoever ended it (ROT-6, ROT-15).
    private static func refuseIfOver(_ rotation: Rotation) throws(ControlPlaneError) {
        switch rotation.state {
        case .failed:
            let reason = rotation.error ?? "It gave no reason."
            throw ControlPlaneError(
                .rotationFailed,
                "The agent could not take its new token: \(reason)",
                details: ["rotation_id": .string(rotation.id.text), "reason": .string(reason)]
            )
        case .cancelled, .expired:
            throw ControlPlaneError(
                .illegalTransition,
                "The rotation was \(rotation.state.rawValue) before the agent had taken its new token.",
                details: [
                    "rotation_id": .string(rotation.id.text), "current_state": .string(rotation.state.rawValue),
                ]
            )
        case .requested, .issued, .delivered, .stored, .promoted:
            return
        }
    }

    /// The running rotation, or the latest that ended; `NoRotation` if there never was one.
    package func current(_ agentID: AgentID, caller: Caller) async throws(ControlPlaneError) -> RotationView {
        try await authority.require(.agentsRead, caller, as: "rotation.read", agent: agentID)
        let found = try await context.read { tx -> RotationView? in
            let agent = try AgentAuthority.agent(agentID, for: caller, in: tx)
            guard let rotation = try RotationStore.latest(of: agent.id, in: tx) else { return nil }
            return RotationView(
                rotation: rotation,
                credential: try CredentialStore.get(rotation.credentialID, in: tx)
            )
        }
        guard let found else { throw ControlPlaneError(.noRotation, "The agent was never rotated.") }
        return found
    }

    /// Ends the running rotation without SQL (ROT-14).
    package func cancel(_ agentID: AgentID, caller: Caller) async throws(ControlPlaneError) -> RotationView {
        try await authority.require(.agentsCancelRotation, caller, as: "rotation.cancel", agent: agentID)
        let now = context.now()
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let (cancelled, _) = try await change(agentID, caller: caller) { unit, tx in
            do throws(RotationCancelRefusal) {
                try unit.machine.cancel(now: now)
            } catch {
                throw ControlPlaneError(error)
            }
            let id = unit.machine.rotation?.id
            try recorder.event(.rotationCancelled, of: unit.agent, "Rotation cancelled.", rotation: id, in: tx)
            try recorder.audit("rotation.cancel", of: unit.agent, rotation: unit.machine.rotation, in: tx)
        }
        FaultPoints.reach("rotation.after-cancel-commit")
        guard let rotation = cancelled.machine.rotation else {
            throw ControlPlaneError(.noRotation, "No rotation of this agent is running.")
        }
        channels.forget(rotation, of: cancelled.credential.id)
        return RotationView(rotation: rotation, credential: cancelled.credential)
    }

    /// Ends the previous token's grace; answers whether there was one to end.
    package func endGrace(
        _ agentID: AgentID,
        reason: String? = nil,
        caller: Caller
    ) async throws(ControlPlaneError) -> Bool {
        try await authority.require(.agentsEndGrace, caller, as: "rotation.end_grace", agent: agentID)
        let now = context.now()
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let (unit, ended) = try await change(agentID, caller: caller) { unit, tx in
            guard unit.machine.graceEnded(now: now) else { return false }
            try recorder.event(.graceEnded, of: unit.agent, "The previous token's grace was ended.", in: tx)
            // The grace is that of the latest promotion, unless another rotation was begun since.
            let latest = try RotationStore.latest(of: unit.agent.id, in: tx)
            let promoted = latest.flatMap { $0.state == .promoted ? $0 : nil }
            try recorder.audit("rotation.end_grace", of: unit.agent, reason: reason, rotation: promoted, in: tx)
            return true
        }
        if let session = channels.registry.live(unit.credential.id), session.withState({ $0.slot == .previous }) {
            session.close(.reconnect)
        }
        return ended
    }

    // MARK: Parts

    struct Asked: Sendable {
        let rotation: Rotation
        let credential: Credential
        /// The node that holds the agent's channel hears of the request by the change log.
        var isElsewhere = false
    }

    /// The transaction of a request; the scheduler uses it too, and says with `isAllowed` that it still may.
    func request(
        _ ask: RotationAsk,
        agentID: AgentID,
        caller: Caller,
        isAllowed: @escaping @Sendable (borrowing Transaction) throws -> Void = { _ in }
    ) async throws(ControlPlaneError) -> Asked {
        let now = context.now()
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let channels = channels
        let (unit, isElsewhere) = try await change(agentID, caller: caller) { unit, tx in
            try isAllowed(tx)
            var ask = ask
            let isElsewhere = try !ask.isConnected && channels.isElsewhere(agentID, in: tx)
            ask.isConnected = ask.isConnected || isElsewhere
            var lifecycle = IdentityLifecycle(state: unit.agent.state)
            do throws(IdentityRefusal) {
                try lifecycle.rotate()
            } catch {
                throw ControlPlaneError(error)
            }
            let outcome: RotationRequestOutcome
            do throws(RotationRefusal) {
                outcome = try unit.machine.request(ask, now: now)
            } catch {
                throw ControlPlaneError(error)
            }
            let raised = outcome == .raised ? " (raised)" : ""
            let message = "Rotation requested: \(ask.mode.rawValue)\(raised)."
            let id = unit.machine.rotation?.id
            try recorder.event(.rotationRequested, of: unit.agent, message, rotation: id, in: tx)
            try recorder.audit(
                "rotation.request",
                of: unit.agent,
                reason: ask.reason ?? ask.mode.rawValue,
                rotation: unit.machine.rotation,
                in: tx
            )
            return isElsewhere
        }
        guard let rotation = unit.machine.rotation else { throw CredentialUnit.lostRace }
        return Asked(rotation: rotation, credential: unit.credential, isElsewhere: isElsewhere)
    }

    /// Reads the agent's live credential, lets `body` change it by the domain's rules, and writes it.
    private func change<Answer: Sendable>(
        _ agentID: AgentID,
        caller: Caller,
        _ body: @escaping @Sendable (inout CredentialUnit, borrowing Transaction) throws -> Answer
    ) async throws(ControlPlaneError) -> (unit: CredentialUnit, answer: Answer) {
        let policy = channels.policy(of: caller.organizationID)
        return try await context.write { tx in
            let agent = try AgentAuthority.agent(agentID, for: caller, in: tx)
            guard var unit = try CredentialUnit.loadLive(of: agent, policy: policy, in: tx) else {
                throw Self.withoutCredential(agent)
            }
            let answer = try body(&unit, tx)
            try unit.save(in: tx)
            return (unit, answer)
        }
    }

    private static func withoutCredential(_ agent: Agent) -> ControlPlaneError {
        ControlPlaneError(IdentityRefusal(event: .rotate, state: agent.state, isDeleted: false))
    }

    private func latest(_ asked: Asked) async throws(ControlPlaneError) -> Asked {
        try await context.read { tx in
            Asked(
                rotation: try RotationStore.get(asked.rotation.id, in: tx) ?? asked.rotation,
                credential: try CredentialStore.get(asked.credential.id, in: tx) ?? asked.credential
            )
        }
    }

    private func receipt(_ asked: Asked, news: RotationWaiters.News?) -> RotationReceipt {
        let rotation = asked.rotation
        var state = rotation.state
        if news == .stored, state == .issued || state == .delivered { state = .stored }
        let grace = rotation.mode == .graceful ? channels.policy(of: asked.credential.organizationID).grace : .zero
        return RotationReceipt(
            rotationID: rotation.id,
            mode: rotation.mode,
            state: state,
            agentNotified: state == .stored || state == .promoted,
            gracePeriodSeconds: Int(grace.secondsRoundedUp),
            tokenExpiresAt: asked.credential.pending?.expiresAt ?? asked.credential.current?.expiresAt
        )
    }

    private func limit(_ seconds: Int?) -> Duration {
        let maximum = channels.settings().server.rotationAckTimeout
        guard let seconds else { return maximum }
        return min(maximum, .seconds(max(0, seconds)))
    }
}

extension ControlPlaneError {
    fileprivate init(_ refusal: RotationCancelRefusal) {
        switch refusal {
        case .notRunning:
            self.init(.noRotation, "No rotation of this agent is running.")
        case .currentIsDead:
            self.init(
                .illegalTransition,
                "The forced rotation has killed the old token already; without the new one the agent would be "
                    + "stranded. Reset it instead."
            )
        }
    }
}

extension ChannelService {
    /// Tells those who wait on this node what the database says of their rotations, which other nodes carried on.
    ///
    /// `nil` looks at all that somebody waits for.
    func tellWaiters(of agents: Set<AgentID>?) async {
        let awaited = waiters.awaited(of: agents)
        guard !awaited.isEmpty else { return }
        let context = context
        let news = try? await context.read { tx in
            try awaited.map { id -> RotationWaiters.News? in
                guard let rotation = try RotationStore.get(id, in: tx) else { return .over }
                let state = try AgentStore.get(rotation.agentID, in: tx)?.state
                return state == .active ? rotation.news : .over
            }
        }
        for (id, news) in zip(awaited, news ?? []) {
            if let news { waiters.tell(id, news) }
        }
    }

    /// A rotation that ended by hand: its token leaves memory, and who waits for it hears so.
    func forget(_ rotation: Rotation, of credential: CredentialID) {
        registry.live(credential)?.withState { state in
            if state.inFlight?.command.rotationID == rotation.id { state.inFlight = nil }
        }
        waiters.tell(rotation.id, .over)
    }
}

extension Rotation {
    /// What somebody who waits for it wants to know of it; `nil` while it is on its way.
    fileprivate var news: RotationWaiters.News? {
        switch state {
        case .requested, .issued, .delivered: nil
        case .stored: .stored
        case .promoted: .promoted
        case .failed: .failed(error ?? "It gave no reason.")
        case .cancelled, .expired: .over
        }
    }
}
