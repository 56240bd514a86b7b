internal import Crypto
internal import Domain
internal import FaultPoints
internal import Logging
internal import SQLDatabase
internal import Store

extension ChannelService {
    /// Opens the channel for an agent that proves its key.
    ///
    /// Everything that was checked at the upgrade is checked again in the transaction. The connection counts as live
    /// when this returns; an older channel of the credential is closed as replaced.
    package func open(
        _ ticket: ChannelTicket,
        hello: ChannelHello,
        connection: any AgentConnection
    ) async throws(ControlPlaneError) -> (session: ChannelSession, result: HelloResult) {
        guard Self.isProven(ticket, hello) else {
            await noteFailedProof(ticket)
            throw ControlPlaneError(.proofFailed, "The signature does not prove the agent's key.")
        }
        let now = context.now()
        let session = ChannelSession(ticket: ticket, hello: hello, connection: connection, now: now)
        registry.begin(session)
        let opened: Opened
        do throws(ControlPlaneError) {
            opened = try await transact(ticket, hello: hello, session: session, now: now)
        } catch {
            registry.abandon(session)
            throw error
        }
        FaultPoints.reach("channel.after-open-commit")
        session.withState { $0.take(opened, policy: policy(of: session.organizationID)) }
        try await enter(session, isContended: opened.isContended)
        if let rotationID = opened.promoted { waiters.tell(rotationID, .promoted) }
        return (session, helloResult(opened))
    }

    /// A live token without its agent's key is the clearest sign there is of a copy.
    ///
    /// It is counted each time, and told in the agent's history once a minute.
    private func noteFailedProof(_ ticket: ChannelTicket) async {
        let now = context.now()
        guard let agent = try? await context.read({ tx in try AgentStore.get(ticket.agentID, in: tx) }) else { return }
        let credential = try? await context.read { tx in try CredentialStore.get(ticket.credentialID, in: tx) }
        let caller = Caller.agent(
            agent,
            credential: credential,
            address: ticket.address,
            requestID: ticket.requestID
        )
        count(.proofFailed, of: caller, action: "channel.open")
        guard failedProofs.isDue(ticket.credentialID, at: now) else { return }
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let message = "Somebody without this agent's key used its token (\(ticket.token.prefix)…)."
        try? await context.write { tx in try recorder.event(.error, of: agent, message, in: tx) }
        context.logger.warning("a token was used without its agent's key", metadata: ["agent_id": "\(agent.id)"])
    }

    /// To be called once the answer to the hello has been written: what waits for the agent is sent from now on.
    package func opened(_ session: ChannelSession) {
        let now = context.now()
        let wantsIssue = session.withState { state in
            state.isReady = true
            state.lookAgain(now: now)
            return state.wantsIssue
        }
        if wantsIssue { issues.add(session) }
    }

    /// What the transaction that opens a channel found.
    struct Opened: Sendable {
        let opening: ChannelOpening
        let credential: Credential
        let version: Int64
        let promoted: RotationID?
        let place: ChannelPlace
        let isContended: Bool
        let now: Instant
    }

    private func transact(
        _ ticket: ChannelTicket,
        hello: ChannelHello,
        session: ChannelSession,
        now: Instant
    ) async throws(ControlPlaneError) -> Opened {
        let candidates = context.hasher.candidates(ticket.token)
        let policy = policy(of: session.organizationID)
        let renewal = ask(.renewal)
        let context = context
        let older = registry.live(ticket.credentialID)?.withState { ($0.place, $0.lastHeard) }
        let outcome = try await context.write { tx -> Result<Opened, Refused> in
            try AgentStore.lock(holderOf: ticket.credentialID, in: tx)
            guard let found = try TokenFinder.find(candidates, in: tx), found.credential.id == ticket.credentialID,
                var unit = try CredentialUnit.load(found.credential.id, policy: policy, in: tx)
            else { return .failure(Refused(refusal: .invalid)) }
            guard unit.agent.deletedAt == nil, unit.agent.publicKey == ticket.publicKey else {
                return .failure(Refused(refusal: .revoked))
            }
            let opening: ChannelOpening
            do throws(TokenRefusal) {
                opening = try unit.machine.opened(
                    with: found.fit,
                    identity: unit.agent.state,
                    superseded: hello.superseded,
                    renewal: renewal,
                    now: now
                )
            } catch {
                return .failure(Refused(refusal: error, found: found, agent: unit.agent))
            }
            let recorder = AgentRecorder(context, caller: session.caller(unit), now: now)
            let promoted = try unit.record(opening, recorder: recorder, in: tx)
            try unit.recordBegun(renewal, recorder, in: tx)
            unit.agent.statement = hello.statement
            let version = try unit.save(in: tx)
            let taken = try session.takePlace(on: context.node, from: older, now: now, in: tx)
            try recorder.event(.connected, of: unit.agent, "Connected.", in: tx)
            FaultPoints.reach("channel.before-open-commit")
            return .success(
                Opened(
                    opening: opening,
                    credential: unit.credential,
                    version: version,
                    promoted: promoted,
                    place: taken.place,
                    isContended: taken.isContended,
                    now: now
                )
            )
        }
        switch outcome {
        case .success(let opened): return opened
        case .failure(let refused):
            try await note(refused, address: ticket.address, requestID: ticket.requestID)
            throw ControlPlaneError(refused.refusal)
        }
    }

    /// Makes the channel the live one and throws the older out.
    private func enter(_ session: ChannelSession, isContended: Bool) async throws(ControlPlaneError) {
        switch registry.register(session) {
        case .outdated:
            session.close(.reconnect)
            announceGone(session)
            throw ControlPlaneError(.unavailable, "Something newer came first; connect again.")
        case .live(let replaced):
            replaced?.close(.replaced)
            guard isContended else { return }
            do throws(ControlPlaneError) {
                try await stopForContention(session)
            } catch {
                session.close(.reconnect)
                closed(session)
                throw error
            }
        }
    }

    private func helloResult(_ opened: Opened) -> HelloResult {
        let mode = opened.opening.admission.mode
        let values = settings().of(opened.credential.organizationID)
        let shown: [String: Int] = [
            SettingKey.agentTokenRotationDays.rawValue: values[.agentTokenRotationDays],
            SettingKey.agentTokenGracePeriodMinutes.rawValue: values[.agentTokenGracePeriodMinutes],
            SettingKey.agentOfflineAllowanceDays.rawValue: values[.agentOfflineAllowanceDays],
            SettingKey.rotationAckTimeoutSeconds.rawValue: values[.rotationAckTimeoutSeconds],
        ]
        return HelloResult(
            mode: mode,
            serverTime: opened.now,
            generation: opened.credential.generation,
            tokenExpiresAt: opened.credential.current?.expiresAt,
            settings: mode == .full ? shown : [:]
        )
    }

    /// Whether the key that the agent enrolled made the signature over its own challenge.
    private static func isProven(_ ticket: ChannelTicket, _ hello: ChannelHello) -> Bool {
        guard hello.signature.count == 64, hello.challenge.suffix(32) == ticket.tokenDigest[...],
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: ticket.publicKey)
        else { return false }
        return key.isValidSignature(hello.signature, for: hello.challenge)
    }
}

extension CredentialUnit {
    /// Writes the witnesses of a rotation that began by itself, if this one did.
    func recordBegun(_ ask: RotationAsk, _ recorder: AgentRecorder, in tx: borrowing Transaction) throws {
        guard machine.running?.id == ask.id else { return }
        let message = "Rotation begun by itself (\(ask.origin.rawValue))."
        try recorder.event(.rotationRequested, of: agent, message, rotation: ask.id, in: tx)
        try recorder.audit(
            "rotation.request",
            of: agent,
            reason: ask.origin.rawValue,
            rotation: machine.running,
            in: tx
        )
    }

    /// The first use of an agent token ends `pending`; a promotion is an event.
    ///
    /// Answers the promoted rotation.
    fileprivate mutating func record(
        _ opening: ChannelOpening,
        recorder: AgentRecorder,
        in tx: borrowing Transaction
    ) throws -> RotationID? {
        var lifecycle = IdentityLifecycle(state: agent.state)
        let before = agent.state
        let isFirst: Bool
        do throws(IdentityRefusal) {
            let change = try lifecycle.activate()
            agent.state = lifecycle.state
            isFirst = change != .none
        } catch {
            throw ControlPlaneError(error)
        }
        if isFirst {
            let after = agent.state.auditJSON
            try recorder.audit("agent.activate", of: agent, before: before.auditJSON, after: after, in: tx)
        }
        guard opening.isPromoted else { return nil }
        return try recordPromotion(recorder, in: tx)
    }

    /// Writes the witnesses of a promotion.
    func recordPromotion(_ recorder: AgentRecorder, in tx: borrowing Transaction) throws -> RotationID? {
        guard let rotation = latest({ $0.state == .promoted }) else { return nil }
        let message = "Token rotated; generation \(credential.generation)."
        try recorder.event(.rotated, of: agent, message, rotation: rotation.id, in: tx)
        try recorder.audit("rotation.promote", of: agent, reason: rotation.reason, rotation: rotation, in: tx)
        return rotation.id
    }
}

extension ChannelSession.State {
    /// What the channel stands on after it opened or its token was promoted.
    mutating func take(_ opened: ChannelService.Opened, policy: RotationPolicy) {
        stand(on: opened.credential, opened.opening.admission, version: opened.version, policy: policy)
        wantsIssue = opened.opening.wantsIssue
        place = opened.place
        lookAgain(now: opened.now)
    }

    mutating func stand(
        on credential: Credential,
        _ admission: TokenAdmission,
        version: Int64,
        policy: RotationPolicy
    ) {
        generation = credential.generation
        self.version = version
        mode = admission.mode
        switch admission {
        case .full:
            slot = .current
            reviewAt = credential.current?.expiresAt
        case .renewOnly:
            slot = .current
            reviewAt = credential.allowanceEnd(policy)
        case .previous(let until):
            slot = .previous
            reviewAt = until
        }
        if slot == .current { review(noLaterThan: credential.retryAt) }
    }
}
