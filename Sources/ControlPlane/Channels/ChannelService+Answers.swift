package import Domain
internal import FaultPoints
internal import Logging
internal import SQLDatabase
internal import Store

extension ChannelService {
    /// The agent answered `agent.rotate_token`.
    ///
    /// That the token is stored needs no transaction: it is told to who waits, and written with the next batch or with
    /// the promotion, whichever comes first.
    package func rotationAnswered(
        _ session: ChannelSession,
        rotationID: RotationID,
        attempt: Int,
        answer: RotationAnswer
    ) async {
        switch answer {
        case .stored:
            let now = context.now()
            let deadline = now + settings().server.rotationAckTimeout
            let isStored = session.withState { state in
                guard let flight = state.inFlight, flight.command.rotationID == rotationID,
                    flight.command.attempt == attempt, flight.storedAt == nil
                else { return false }
                state.inFlight?.storedAt = now
                state.inFlight?.deadline = deadline
                return true
            }
            if isStored {
                waiters.tell(rotationID, .stored)
                FaultPoints.reach("rotation.after-stored")
            }
        case .error(let error):
            await fail(session, rotationID: rotationID, attempt: attempt, error: error)
        }
    }

    /// `agent.rotation_complete`: a second witness, not the proof.
    package func rotationComplete(_ session: ChannelSession, rotationID: RotationID, attempt: Int) async {
        heartbeat(session)
    }

    /// `agent.rotation_failed`: counts for the same attempt before the token was stored.
    package func rotationFailed(
        _ session: ChannelSession,
        rotationID: RotationID,
        attempt: Int,
        error: String
    ) async {
        await fail(session, rotationID: rotationID, attempt: attempt, error: error)
    }

    private func fail(_ session: ChannelSession, rotationID: RotationID, attempt: Int, error: String) async {
        let isCounted = session.withState { state in
            guard let flight = state.inFlight, flight.command.rotationID == rotationID,
                flight.command.attempt == attempt, flight.storedAt == nil
            else { return false }
            return true
        }
        guard isCounted, registry.isLive(session) else { return }
        let now = context.now()
        let policy = policy(of: session.organizationID)
        let context = context
        let message = SecretRedaction.redact(String(error.prefix(500)))
        let outcome = try? await context.write { tx -> (failure: AgentFailure?, retryAt: Instant?) in
            guard var unit = try CredentialUnit.load(session.credentialID, policy: policy, in: tx),
                let failure = unit.machine.agentFailed(rotationID, attempt: attempt, error: message, now: now)
            else { return (nil, nil) }
            let recorder = AgentRecorder(context, caller: session.caller(unit), now: now)
            if !failure.isQuiet {
                let text = "The agent could not take its new token: \(message)"
                try recorder.event(.rotationFailed, of: unit.agent, text, rotation: rotationID, in: tx)
                let failed = unit.latest { $0.id == rotationID }
                try recorder.audit(
                    "rotation.fail",
                    of: unit.agent,
                    outcome: .failed,
                    reason: message,
                    rotation: failed,
                    in: tx
                )
            }
            if failure.raisesAlert {
                let text = "Rotation failed \(Credential.quickAttempts) times in a row; it is tried once per interval."
                try recorder.event(.error, of: unit.agent, text, rotation: rotationID, in: tx)
            }
            try unit.save(in: tx)
            return (failure, unit.credential.retryAt)
        }
        // What could not be written stays in flight: it is sent again at the time-out.
        guard let outcome else { return }
        session.withState { state in
            if state.inFlight?.command.rotationID == rotationID, state.inFlight?.command.attempt == attempt {
                state.inFlight = nil
            }
            state.review(noLaterThan: outcome.retryAt)
        }
        guard let failure = outcome.failure else { return }
        if failure.raisesAlert {
            context.logger.warning("rotation keeps failing", metadata: ["agent_id": "\(session.agentID)"])
        }
        waiters.tell(rotationID, .failed(message))
    }

    /// `agent.heartbeat`, a pong or any frame: the agent is there.
    package func heartbeat(_ session: ChannelSession) {
        let now = context.now()
        session.withState { $0.lastHeard = now }
    }

    /// The connection is gone, whoever closed it.
    package func closed(_ session: ChannelSession) {
        session.withState { state in
            state.isGone = true
            state.inFlight = nil
        }
        if registry.remove(session) { announceGone(session) }
    }

    /// How many channels are live on this node.
    package var liveCount: Int { registry.liveCount }

    /// Whether the agent has a live channel.
    package func isConnected(_ agentID: AgentID) -> Bool { registry.live(agentID) != nil }

    /// Closes every channel for a shutdown.
    package func closeAll(_ reason: ChannelCloseReason) {
        for session in registry.all { session.close(reason) }
    }

    /// Closes the channels of an agent, those just opening included; after the commit that ended them.
    func close(_ agentID: AgentID, _ reason: ChannelCloseReason) {
        for session in registry.all(of: agentID) { session.close(reason) }
    }

    /// That a channel is gone is written in batches; that it came was written by the transaction that opened it.
    func announceGone(_ session: ChannelSession) {
        let (lastHeard, reason, place) = session.withState { ($0.lastHeard, $0.closeReason, $0.place) }
        guard let place else { return }
        let now = context.now()
        let event = AgentEvent(
            id: context.ids.next(),
            agentID: session.agentID,
            workspaceID: session.workspaceID,
            kind: .disconnected,
            time: now,
            address: session.address,
            message: "Disconnected\(reason.map { " (\($0.rawValue))" } ?? "")."
        )
        departures.add(Departures.Departure(place: place, lastHeard: lastHeard, event: event))
    }
}

extension ChannelSession {
    /// The agent of this channel as a caller.
    func caller(_ unit: CredentialUnit) -> Caller {
        .agent(unit.agent, credential: unit.credential, address: address, requestID: requestID)
    }
}
