internal import Domain
internal import FaultPoints
internal import Logging
internal import SQLDatabase
internal import Store

extension ChannelService {
    /// The agent proves a token; answers the credential's generation.
    ///
    /// The first proof of a pending token promotes it. A refused proof of a running rotation makes the server issue
    /// anew. Three of them on one channel close it: frames that crossed each other could go on refusing for ever, and a
    /// new channel starts with none.
    package func authenticate(_ session: ChannelSession, token: String) async throws(ControlPlaneError) -> Int64 {
        let parsed = try Self.parse(token)
        guard registry.isLive(session) else {
            throw ControlPlaneError(.unavailable, "A newer channel took this one's place.")
        }
        let candidates = context.hasher.candidates(parsed)
        let now = context.now()
        let flight = session.withState { state in
            state.isProving = true
            return state.inFlight
        }
        defer { session.withState { $0.proofIsOver(now: now) } }
        let proven = try await prove(session, candidates, flight: flight, now: now)
        FaultPoints.reach("rotation.after-promote-commit")
        switch proven.outcome {
        case .success(let proof):
            accept(session, proven, now: now)
            if let rotationID = proven.promoted { waiters.tell(rotationID, .promoted) }
            return proof.generation
        case .failure(let refusal):
            refuse(session, proven)
            throw ControlPlaneError(refusal)
        }
    }

    private struct Proven: Sendable {
        let outcome: Result<TokenProof, TokenRefusal>
        let credential: Credential
        let version: Int64
        let promoted: RotationID?
        let wantsIssue: Bool
    }

    private func prove(
        _ session: ChannelSession,
        _ candidates: [StoredHash],
        flight: ChannelSession.InFlight?,
        now: Instant
    ) async throws(ControlPlaneError) -> Proven {
        let policy = policy(of: session.organizationID)
        let context = context
        return try await context.write { tx in
            guard var unit = try CredentialUnit.load(session.credentialID, policy: policy, in: tx) else {
                throw ControlPlaneError(TokenRefusal.revoked)
            }
            if let flight { unit.machine.overlay(flight) }
            let fit = TokenFinder.fit(candidates, of: unit.credential)
            let outcome: Result<TokenProof, TokenRefusal>
            var promoted: RotationID?
            do throws(TokenRefusal) {
                let identity: IdentityState = unit.agent.deletedAt == nil ? unit.agent.state : .revoked
                outcome = .success(try unit.machine.proven(fit, identity: identity, now: now))
            } catch {
                outcome = .failure(error)
            }
            if case .success(let proof) = outcome, proof.isPromoted {
                let recorder = AgentRecorder(context, caller: session.caller(unit), now: now)
                promoted = try unit.recordPromotion(recorder, in: tx)
            }
            let version = try unit.save(in: tx)
            FaultPoints.reach("rotation.before-promote-commit")
            return Proven(
                outcome: outcome,
                credential: unit.credential,
                version: version,
                promoted: promoted,
                wantsIssue: unit.machine.running?.state == .requested
            )
        }
    }

    private func accept(_ session: ChannelSession, _ proven: Proven, now: Instant) {
        let policy = policy(of: session.organizationID)
        let admission = try? proven.credential.admission(of: .current, identity: .active, policy: policy, now: now)
        guard let admission else { return session.close(.expired) }
        let changed = session.withState { state in
            let before = state.mode
            state.stand(on: proven.credential, admission, version: proven.version, policy: policy)
            if proven.promoted != nil { state.inFlight = nil }
            state.refusedProofs = 0
            return before != state.mode
        }
        if changed { session.send(.mode(admission.mode)) }
    }

    private func refuse(_ session: ChannelSession, _ proven: Proven) {
        let refusals = session.withState { state in
            state.inFlight = nil
            state.refusedProofs += 1
            return state.refusedProofs
        }
        if refusals >= 3 { return session.close(.protocolError) }
        if proven.wantsIssue { issues.add(session) }
    }

    /// Two machines have thrown each other out: no more tokens for this credential until somebody has looked.
    func stopForContention(_ session: ChannelSession) async throws(ControlPlaneError) {
        let now = context.now()
        let policy = policy(of: session.organizationID)
        let context = context
        let rotationID = try await context.write { tx -> RotationID? in
            guard var unit = try CredentialUnit.load(session.credentialID, policy: policy, in: tx),
                unit.credential.state == .live
            else { return nil }
            let running = unit.machine.running?.id
            unit.machine.contended(now: now)
            let recorder = AgentRecorder(context, caller: session.caller(unit), now: now)
            let message = "Two machines use this agent's credential (ChannelContention); its rotation is stopped."
            try recorder.event(.channelContention, of: unit.agent, message, in: tx)
            try recorder.audit("agent.channel_contention", of: unit.agent, outcome: .denied, reason: message, in: tx)
            try unit.save(in: tx)
            return running
        }
        session.withState { $0.wantsIssue = false }
        context.logger.warning("two machines use one credential", metadata: ["agent_id": "\(session.agentID)"])
        if let rotationID { waiters.tell(rotationID, .over) }
    }
}

extension RotationStateMachine {
    /// Brings in what the channel knows and the row may not yet say.
    mutating func overlay(_ flight: ChannelSession.InFlight) {
        let command = flight.command
        _ = delivered(command.rotationID, attempt: command.attempt, now: flight.sentAt)
        if let storedAt = flight.storedAt {
            _ = stored(command.rotationID, attempt: command.attempt, now: storedAt)
        }
    }
}
