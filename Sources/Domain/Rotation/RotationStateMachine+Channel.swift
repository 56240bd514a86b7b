/// What the agent's channel brings about.
extension RotationStateMachine {
    /// The agent proved its key and opens a channel with a token that fits (ROT-2, ROT-3, ROT-4, ROT-10).
    ///
    /// With the pending token it promotes. With the current one a running rotation starts over: the agent may or may
    /// not have stored the token it was sent, so the next attempt gets a fresh one. An expired token, and one the
    /// agent itself calls superseded, begins a renewal.
    package mutating func opened(
        with fit: TokenFit,
        identity: IdentityState,
        superseded: Bool,
        renewal: RotationAsk,
        now: Instant
    ) throws(TokenRefusal) -> ChannelOpening {
        expire(now: now)
        let admission = try credential.admission(of: fit, identity: identity, policy: policy, now: now)
        switch (fit, admission) {
        case (.pending, _):
            promote(now: now)
            let mode = try credential.admission(of: .current, identity: identity, policy: policy, now: now)
            if mode == .renewOnly { renew(renewal, now: now) }
            return ChannelOpening(admission: mode, isPromoted: true, wantsIssue: running?.state == .requested)
        case (.current, _):
            returnToRequested(now: now)
            if admission == .renewOnly || superseded { renew(renewal, now: now) }
            let wantsIssue = running != nil && credential.contentionAt == nil
            return ChannelOpening(admission: admission, isPromoted: false, wantsIssue: wantsIssue)
        default:
            return ChannelOpening(admission: admission, isPromoted: false, wantsIssue: false)
        }
    }

    /// The current token expired on a live channel: it is renewed at once if nothing runs.
    package mutating func expiredOnChannel(renewal: RotationAsk, now: Instant) {
        expire(now: now)
        renew(renewal, now: now)
    }

    /// The time to try again after the agent's failure has come, on its live channel (ROT-6).
    package mutating func retryIsDue(_ ask: RotationAsk, now: Instant) {
        guard credential.retryAt != nil, credential.isDue(policy, now: now) else { return }
        renew(ask, now: now)
    }

    private mutating func renew(_ ask: RotationAsk, now: Instant) {
        guard credential.state == .live, running == nil, credential.contentionAt == nil,
            credential.grace(at: now) == nil
        else { return }
        if let retryAt = credential.retryAt, now < retryAt { return }
        begin(ask, now: now)
    }

    /// Gives the requested rotation its token; `nil` if there is nothing to issue.
    ///
    /// Only for a live channel that was opened with the current token, or on which it was promoted.
    package mutating func issue(_ stamp: TokenStamp, now: Instant) -> IssuedToken? {
        guard credential.state == .live, credential.contentionAt == nil, credential.pending == nil,
            let running, running.state == .requested
        else { return nil }
        let expiresAt = now + policy.period
        let validUntil = min(
            credential.allowanceEnd(policy) ?? now + Self.lifeWithoutExpiry,
            expiresAt + policy.offlineAllowance
        )
        guard now < validUntil else {
            end(.expired, error: "The token is past its offline allowance.", now: now)
            return nil
        }
        credential.pending = Credential.Pending(
            stamp: stamp,
            issuedAt: now,
            expiresAt: expiresAt,
            validUntil: validUntil
        )
        rotation?.state = .issued
        rotation?.attempt += 1
        rotation?.issuedAt = now
        rotation?.deadline = validUntil
        rotation?.error = nil
        let grace = running.mode == .graceful ? policy.grace : .zero
        return IssuedToken(
            rotationID: running.id,
            attempt: running.attempt + 1,
            expiresAt: expiresAt,
            grace: grace
        )
    }

    /// The frame went out.
    package mutating func delivered(_ rotationID: RotationID, attempt: Int, now: Instant) -> Bool {
        guard matches(rotationID, attempt), rotation?.state == .issued else { return false }
        rotation?.state = .delivered
        rotation?.deliveredAt = now
        return true
    }

    /// The agent has the token durably, though it is not yet proven.
    package mutating func stored(_ rotationID: RotationID, attempt: Int, now: Instant) -> Bool {
        guard matches(rotationID, attempt), rotation?.state != .stored else { return false }
        rotation?.state = .stored
        if rotation?.deliveredAt == nil { rotation?.deliveredAt = now }
        rotation?.storedAt = now
        return true
    }

    /// The agent could not store the token (ROT-6): it is withdrawn, the current one stays, the request fails.
    ///
    /// A failure of another attempt, or after the token was stored, counts for nothing.
    package mutating func agentFailed(
        _ rotationID: RotationID,
        attempt: Int,
        error: String,
        now: Instant
    ) -> AgentFailure? {
        guard matches(rotationID, attempt), rotation?.state != .stored else { return nil }
        end(.failed, error: error, now: now)
        credential.consecutiveFailures += 1
        let failures = credential.consecutiveFailures
        credential.retryAt = now + Credential.retryDelay(failures: failures, policy: policy)
        return AgentFailure(
            raisesAlert: failures == Credential.quickAttempts,
            isQuiet: failures > Credential.quickAttempts
        )
    }

    /// The agent authenticates with a token on its live channel; the first time with the pending one promotes.
    ///
    /// A refused proof starts the running rotation over, so what changed is to be written even if this throws.
    package mutating func proven(
        _ fit: TokenFit?,
        identity: IdentityState,
        now: Instant
    ) throws(TokenRefusal) -> TokenProof {
        expire(now: now)
        guard credential.state == .live, identity != .revoked else { throw .revoked }
        guard identity == .active else { throw .paused }
        switch fit {
        case .current:
            _ = try credential.admission(of: .current, identity: identity, policy: policy, now: now)
            return TokenProof(generation: credential.generation, isPromoted: false)
        case .pending where credential.pending != nil:
            promote(now: now)
            return TokenProof(generation: credential.generation, isPromoted: true)
        default:
            returnToRequested(now: now)
            throw .invalid
        }
    }

    private mutating func promote(now: Instant) {
        guard let pending = credential.pending else { return }
        let older = credential.current
        let generation = credential.generation
        retirePrevious(now: now)
        if let older { supersede(older, generation: generation, now: now) }
        credential.current = Credential.Current(
            stamp: pending.stamp,
            issuedAt: pending.issuedAt,
            expiresAt: pending.expiresAt
        )
        credential.pending = nil
        credential.generation = generation + 1
        credential.allowanceExtension = .zero
        credential.consecutiveFailures = 0
        credential.retryAt = nil
        rotation?.state = .promoted
        rotation?.promotedAt = now
        rotation?.endedAt = now
    }

    /// The token that was current gets its grace, unless the rotation gives none or its own expiry came first.
    private mutating func supersede(_ older: Credential.Current, generation: Int64, now: Instant) {
        let graceEnd = now + policy.grace
        let validUntil = older.expiresAt.map { min($0, graceEnd) } ?? graceEnd
        guard rotation?.mode == .graceful, now < validUntil else {
            retire(older, generation: generation, reason: .replaced, now: now)
            return
        }
        credential.previous = Credential.Previous(
            stamp: older.stamp,
            generation: generation,
            validUntil: validUntil,
            expiresAt: older.expiresAt
        )
    }

    private func matches(_ rotationID: RotationID, _ attempt: Int) -> Bool {
        guard let rotation else { return false }
        return rotation.id == rotationID && rotation.attempt == attempt && rotation.state.hasPendingToken
    }
}

/// What a channel that opened may do and wants.
package struct ChannelOpening: Hashable, Sendable {
    package let admission: TokenAdmission
    package let isPromoted: Bool
    /// A rotation waits for its next token to be issued on this channel.
    package let wantsIssue: Bool
}

/// A token that was issued and has to be sent.
package struct IssuedToken: Hashable, Sendable {
    package let rotationID: RotationID
    package let attempt: Int
    package let expiresAt: Instant
    package let grace: Duration
}

/// What a proof came to.
package struct TokenProof: Hashable, Sendable {
    package let generation: Int64
    /// Whether this proof promoted the token; otherwise it was current already.
    package let isPromoted: Bool
}

/// What an agent's failure asks of the shell.
package struct AgentFailure: Hashable, Sendable {
    /// The third in a row: somebody should look.
    package let raisesAlert: Bool
    /// One of the many after the alert: no more noise.
    package let isQuiet: Bool
}
