/// What people and time bring about.
extension RotationStateMachine {
    /// Ends the running rotation (ROT-14).
    ///
    /// The pending token is withdrawn; an agent that stored it falls back.
    /// A forced rotation has killed the current token already; cancelling it would strand the agent for nothing.
    package mutating func cancel(now: Instant) throws(RotationCancelRefusal) {
        guard running != nil else { throw .notRunning }
        guard credential.current != nil else { throw .currentIsDead }
        end(.cancelled, now: now)
    }

    /// Pause withdraws the pending token; the rotation waits for the agent's return (REV-1).
    package mutating func paused(now: Instant) {
        returnToRequested(now: now)
    }

    /// Paused time past the expiry does not count against the allowance; contention is forgiven.
    package mutating func resumed(pausedAt: Instant, now: Instant) {
        credential.contentionAt = nil
        guard let expiry = credential.current?.expiresAt else { return }
        let start = max(expiry, pausedAt)
        if now > start { credential.allowanceExtension += now - start }
    }

    /// Kills all tokens of the credential for ever and ends its rotation.
    package mutating func revoked(now: Instant) {
        if running != nil { end(.cancelled, error: "The credential was revoked.", now: now) }
        withdrawPending(now: now)
        guard credential.state == .live else { return }
        credential.state = .revoked
        credential.revokedAt = now
        credential.retryAt = nil
    }

    /// The previous token dies now.
    ///
    /// Answers whether there was one alive.
    package mutating func graceEnded(now: Instant) -> Bool {
        let wasAlive = credential.grace(at: now) != nil
        retirePrevious(now: now)
        return wasAlive
    }

    /// Ends a rotation whose pending token is past its life.
    ///
    /// Answers whether it did.
    @discardableResult
    package mutating func expire(now: Instant) -> Bool {
        guard let pending = credential.pending, now >= pending.validUntil else { return false }
        end(.expired, error: "The agent did not come back in time.", now: now)
        return true
    }

    /// Two machines share the credential: no token is issued until a resume or a reset (ROT-8).
    package mutating func contended(now: Instant) {
        credential.contentionAt = now
        returnToRequested(now: now)
        if running != nil, credential.current != nil {
            end(.cancelled, error: "Two machines use the same credential.", now: now)
        }
    }

    /// The enrolment was asked again before any agent token was used: a fresh token takes the place of the lost one.
    package mutating func reenrolled(_ current: Credential.Current, now: Instant) {
        if let lost = credential.current {
            withdrawn.append(WithdrawnToken(credentialID: credential.id, stamp: lost.stamp, withdrawnAt: now))
        }
        credential.current = current
        credential.generation += 1
    }
}

/// Why a rotation is not cancelled.
package enum RotationCancelRefusal: Error, Hashable, Sendable {
    case notRunning
    case currentIsDead
}

extension RotationStateMachine {
    /// A newer channel took the place of the one the pending token was meant for: the next attempt gets a fresh one.
    package mutating func restart(now: Instant) {
        returnToRequested(now: now)
    }

    /// The retired token that a refused one is; a previous token past its grace is retired by this.
    package mutating func retiredToken(_ fit: TokenFit, now: Instant) -> RetiredToken? {
        switch fit {
        case .retired(let token):
            return token
        case .previous where credential.grace(at: now) == nil:
            retirePrevious(now: now)
            return retired.last
        default:
            return nil
        }
    }
}
