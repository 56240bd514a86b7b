internal import Domain
internal import SQLDatabase
internal import Store

/// What time brings to open channels; the dispatcher calls these.
extension ChannelService {
    /// Looks at every live channel once: acknowledgement time-outs, expiring tokens, ending graces.
    func watchDeadlines() async {
        let now = context.now()
        let timeout = settings().server.rotationAckTimeout
        for session in registry.liveSessions {
            switch session.withState({ $0.due(now: now, timeout: timeout) }) {
            case .nothing: continue
            case .resend(let command): session.send(.rotate(command))
            case .reconnect: session.close(.reconnect)
            case .review: await review(session)
            }
        }
    }

    /// Brings a channel in line with what the database says of its agent and token now.
    ///
    /// Called when its token expires, its grace ends or a failed rotation is tried again, and when another process or
    /// node changed something. What can't be written is looked at again a second later, but a channel that has to
    /// close does so on a database that can only be read.
    func review(_ session: ChannelSession) async {
        do throws(ControlPlaneError) {
            let now = context.now()
            apply(try await reviewed(session, now: now), to: session, now: now)
        } catch {
            let reason = try? await context.read { tx in
                try CredentialUnit.load(session.credentialID, policy: RotationPolicy(), in: tx)
                    .map { $0.closeReason } ?? .revoked
            }
            if let reason { return session.close(reason) }
            let soon = context.now() + .seconds(1)
            session.withState { $0.review(noLaterThan: soon) }
        }
    }

    private func reviewed(
        _ session: ChannelSession,
        now: Instant
    ) async throws(ControlPlaneError) -> Reviewed {
        let policy = policy(of: session.organizationID)
        let context = context
        let renewal = ask(.renewal)
        let retry = ask(.scheduler)
        let slot = session.withState { $0.slot }
        return try await context.write { tx -> Reviewed in
            guard var unit = try CredentialUnit.load(session.credentialID, policy: policy, in: tx) else {
                return .close(.revoked)
            }
            if let reason = unit.closeReason { return .close(reason) }
            if slot == .previous {
                guard let until = unit.credential.grace(at: now) else { return .close(.reconnect) }
                return .stays(unit.credential, .previous(until: until), false, 0)
            }
            let identity = unit.agent.state
            let mode = try? unit.credential.admission(of: .current, identity: identity, policy: policy, now: now)
            if mode == nil, unit.credential.current != nil { return .close(.expired) }
            unit.machine.retryIsDue(retry, now: now)
            if mode == .renewOnly { unit.machine.expiredOnChannel(renewal: renewal, now: now) }
            let recorder = AgentRecorder(context, caller: session.caller(unit), now: now)
            for ask in [renewal, retry] { try unit.recordBegun(ask, recorder, in: tx) }
            let version = try unit.save(in: tx)
            guard let mode else { return .unchanged(unit.wantsIssue) }
            return .stays(unit.credential, mode, unit.wantsIssue, version)
        }
    }

    /// A rotation that begins without anybody asking.
    func ask(_ origin: RotationOrigin) -> RotationAsk {
        RotationAsk(
            id: context.ids.next(),
            mode: .graceful,
            origin: origin,
            requestedBy: .system(origin.rawValue),
            isConnected: true
        )
    }

    private enum Reviewed: Sendable {
        case close(ChannelCloseReason)
        case unchanged(Bool)
        case stays(Credential, TokenAdmission, Bool, Int64)
    }

    private func apply(_ reviewed: Reviewed, to session: ChannelSession, now: Instant) {
        switch reviewed {
        case .close(let reason):
            session.close(reason)
        case .unchanged(let wantsIssue):
            if wantsIssue { issues.add(session) }
        case .stays(let credential, let admission, let wantsIssue, let version):
            let policy = policy(of: session.organizationID)
            let outcome = session.withState { state -> (isOutdated: Bool, isChanged: Bool) in
                // What it stands on is about to change, or not yet known.
                guard !state.isProving, state.place != nil else {
                    state.mustLookAgain = true
                    return (false, false)
                }
                // A promotion on another channel, or by another node, left this one on an older token.
                guard state.slot == .previous || state.generation == credential.generation else {
                    return (credential.generation > state.generation, false)
                }
                // Somebody else ended the rotation whose token was sent.
                if credential.pending == nil, let flight = state.inFlight, flight.sentAt < now { state.inFlight = nil }
                let before = state.mode
                state.stand(on: credential, admission, version: max(version, state.version), policy: policy)
                return (false, before != state.mode)
            }
            if outcome.isOutdated { return session.close(.reconnect) }
            if outcome.isChanged { session.send(.mode(admission.mode)) }
            if wantsIssue { issues.add(session) }
        }
    }

    /// Writes who went, and how far rotations got that were not promoted at once; in the order of the agents' ids, so
    /// that no two nodes wait for each other.
    func writeBatch() async {
        let gone = departures.take().sorted { $0.event.agentID < $1.event.agentID }
        let progress = registry.liveSessions.compactMap { session in
            session.withState { $0.unrecordedProgress(now: context.now()) }.map { (session, $0) }
        }.sorted { $0.0.agentID < $1.0.agentID }
        guard !gone.isEmpty || !progress.isEmpty else { return }
        let settings = settings()
        do throws(ControlPlaneError) {
            try await context.write { tx in
                for departure in gone { try departure.write(in: tx) }
                for (session, flight) in progress {
                    let policy = settings.of(session.organizationID).rotationPolicy
                    guard var unit = try CredentialUnit.load(session.credentialID, policy: policy, in: tx) else {
                        continue
                    }
                    unit.machine.overlay(flight)
                    try unit.save(in: tx)
                }
            }
            for (session, flight) in progress { session.withState { $0.recorded(flight) } }
        } catch {
            departures.giveBack(gone)
        }
    }
}

extension CredentialUnit {
    /// A rotation runs; whether its token is on its way the channel knows.
    fileprivate var wantsIssue: Bool { machine.running != nil }

    /// Why a live channel of this credential has to be closed.
    fileprivate var closeReason: ChannelCloseReason? {
        if agent.deletedAt != nil { return .deleted }
        switch agent.state {
        case .revoked: return .revoked
        case .paused: return .paused
        case .pending, .active: return credential.state == .live ? nil : .reset
        }
    }

}

extension ChannelSession.State {
    enum Due: Sendable {
        case nothing
        case resend(RotateCommand)
        case reconnect
        case review
    }

    /// What is due now.
    ///
    /// A lost acknowledgement cancels nothing: the frame goes out once more, then the channel closes.
    mutating func due(now: Instant, timeout: Duration) -> Due {
        guard closeReason == nil, !isGone else { return .nothing }
        if let reviewAt, now >= reviewAt {
            self.reviewAt = now + .seconds(1)
            return .review
        }
        guard let flight = inFlight, now >= flight.deadline else { return .nothing }
        guard !flight.isResent, flight.storedAt == nil else { return .reconnect }
        inFlight?.isResent = true
        inFlight?.deadline = now + timeout
        return .resend(flight.command)
    }

    /// The channel is to be looked at again by then, or earlier.
    mutating func review(noLaterThan time: Instant?) {
        guard let time else { return }
        reviewAt = min(reviewAt ?? time, time)
    }

    /// A flight whose progress is worth a row: older than a batch, and with news.
    func unrecordedProgress(now: Instant) -> ChannelSession.InFlight? {
        guard let flight = inFlight, flight.recorded != flight.progress, now - flight.sentAt >= .milliseconds(200)
        else { return nil }
        return flight
    }

    mutating func recorded(_ flight: ChannelSession.InFlight) {
        guard inFlight?.command.rotationID == flight.command.rotationID,
            inFlight?.command.attempt == flight.command.attempt
        else { return }
        inFlight?.recorded = flight.progress
    }
}
