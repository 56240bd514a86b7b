internal import Domain
internal import FaultPoints
internal import Logging
internal import SQLDatabase
internal import Store

extension ChannelService {
    /// Issues the token a requested rotation waits for and sends it on the live channel.
    ///
    /// The plaintext lives in the channel's memory only. If the channel went away meanwhile, the token is withdrawn by
    /// the next one that opens; if the next one is open already, that one is given a fresh token. A pending token that
    /// this channel never sent was meant for an older one and is withdrawn too.
    func issue(_ session: ChannelSession) async {
        guard session.canIssue, registry.isLive(session), session.beginIssue() else { return }
        defer { session.withState { $0.issueIsOver(now: context.now()) } }
        do throws(ControlPlaneError) {
            guard let command = try await issueToken(for: session) else { return }
            FaultPoints.reach("rotation.after-issue-commit")
            var last = (session, command)
            while !deliver(last.1, on: last.0) {
                guard let newer = registry.live(session.credentialID), newer !== last.0, newer.canIssue,
                    let command = try await issueToken(for: newer)
                else { return }
                last = (newer, command)
            }
        } catch {
            context.logger.error(
                "a rotation could not be issued",
                metadata: ["agent_id": "\(session.agentID)", "error": "\(error)"]
            )
            // The next look at the channel, a second from now, puts it back into the queue.
            let soon = context.now() + .seconds(1)
            session.withState { $0.review(noLaterThan: soon) }
        }
    }

    /// Issues in the database; `nil` if nothing is to be issued, or if the agent has a newer channel elsewhere.
    private func issueToken(
        for session: ChannelSession
    ) async throws(ControlPlaneError) -> RotateCommand? {
        let token = Token.make(.agent, random: context.random)
        let stamp = TokenStamp(hash: context.hasher.hash(token), prefix: token.prefix)
        let now = context.now()
        let policy = policy(of: session.organizationID)
        let context = context
        let issued = try await context.write { tx -> IssuedToken? in
            guard var unit = try CredentialUnit.load(session.credentialID, policy: policy, in: tx),
                unit.agent.state == .active, unit.agent.deletedAt == nil, try session.hasItsPlace(in: tx)
            else { return nil }
            unit.machine.restart(now: now)
            let issued = unit.machine.issue(stamp, now: now)
            if let issued {
                let recorder = AgentRecorder(context, caller: session.caller(unit), now: now)
                let message = "Token \(stamp.prefix)… issued, attempt \(issued.attempt)."
                try recorder.event(.tokenIssued, of: unit.agent, message, rotation: issued.rotationID, in: tx)
            }
            try unit.save(in: tx)
            FaultPoints.reach("rotation.before-issue-commit")
            return issued
        }
        return issued.map { issued in
            RotateCommand(
                rotationID: issued.rotationID,
                attempt: issued.attempt,
                newToken: token,
                expiresAt: issued.expiresAt,
                gracePeriodSeconds: Int(issued.grace.secondsRoundedUp)
            )
        }
    }

    /// Sends the frame; `false` if the channel is not the live one any more.
    private func deliver(_ command: RotateCommand, on session: ChannelSession) -> Bool {
        let now = context.now()
        let deadline = now + settings().server.rotationAckTimeout
        let isTaken =
            registry.isLive(session)
            && session.withState { state in
                guard state.closeReason == nil, !state.isGone else { return false }
                state.inFlight = ChannelSession.InFlight(command: command, sentAt: now, deadline: deadline)
                state.wantsIssue = false
                return true
            }
        guard isTaken else { return false }
        session.send(.rotate(command))
        FaultPoints.reach("rotation.after-deliver")
        return true
    }
}
