/// Every rule of rotation (ROT-1 to ROT-12) over one credential and its running rotation, without I/O or clock.
///
/// An event is a `mutating func`; it changes ``credential`` and ``rotation``, collects the tokens that died in
/// ``retired`` and ``withdrawn``, and answers what its shell has to do. The shell writes all four in one transaction
/// and acts after the commit. The legal moves of a rotation stand at ``RotationState``.
///
/// What holds after every event:
/// - a pending token exists exactly while a rotation is issued, delivered or stored;
/// - at most one rotation runs;
/// - a token leaves the credential only into ``retired`` (it was current) or ``withdrawn`` (it never was);
/// - the current token is gone only by a forced rotation or a revocation.
package struct RotationStateMachine: Sendable {
    package internal(set) var credential: Credential
    /// The running rotation, or the one that the latest event ended.
    package internal(set) var rotation: Rotation?
    /// Rotations that ended before another began in the same event.
    package internal(set) var finished: [Rotation] = []
    package internal(set) var retired: [RetiredToken] = []
    package internal(set) var withdrawn: [WithdrawnToken] = []
    let policy: RotationPolicy

    /// A pending token of a credential without an expiry lives this long.
    static let lifeWithoutExpiry = Duration.days(30)

    package init(credential: Credential, running rotation: Rotation?, policy: RotationPolicy) {
        self.credential = credential
        self.rotation = rotation
        self.policy = policy
    }

    /// The rotation, if it still runs.
    package var running: Rotation? {
        guard let rotation, rotation.state.isRunning else { return nil }
        return rotation
    }

    // MARK: Asking

    /// Somebody wants a rotation (ROT-3, ROT-5, ROT-7, ROT-8).
    ///
    /// Of higher urgency than the running one it raises that; a forced one kills the current and previous token now.
    package mutating func request(
        _ ask: RotationAsk,
        now: Instant
    ) throws(RotationRefusal) -> RotationRequestOutcome {
        guard credential.state == .live, credential.kind == .agent else { throw .revoked }
        guard ask.mode != .force || ask.isConfirmed else { throw .confirmationRequired }
        if let running, ask.mode <= running.mode { throw .inProgress(running.id) }
        guard ask.isConnected || !(ask.requireConnected || ask.mode == .force) else {
            throw .notConnected(forced: ask.mode == .force)
        }
        guard credential.contentionAt == nil else { throw .contention }
        if ask.mode == .graceful, let until = credential.grace(at: now) { throw .previousInGrace(until: until) }
        if ask.mode == .force { killCurrent(now: now) }
        if running != nil {
            rotation?.mode = ask.mode
            if let reason = ask.reason { rotation?.reason = reason }
            return .raised
        }
        begin(ask, now: now)
        return .begun
    }

    mutating func begin(_ ask: RotationAsk, now: Instant) {
        if let rotation { finished.append(rotation) }
        credential.retryAt = nil
        rotation = Rotation(
            id: ask.id,
            credentialID: credential.id,
            agentID: credential.agentID,
            organizationID: credential.organizationID,
            workspaceID: credential.workspaceID,
            mode: ask.mode,
            origin: ask.origin,
            reason: ask.reason,
            requestedBy: ask.requestedBy,
            requestedAt: now
        )
    }

    private mutating func killCurrent(now: Instant) {
        if let current = credential.current {
            retire(current, generation: credential.generation, reason: .forced, now: now)
            credential.current = nil
        }
        retirePrevious(now: now)
    }

    // MARK: The dead

    mutating func retire(
        _ token: Credential.Current,
        generation: Int64,
        reason: RetiredToken.Reason,
        now: Instant
    ) {
        retired.append(
            RetiredToken(
                credentialID: credential.id,
                stamp: token.stamp,
                generation: generation,
                reason: reason,
                retiredAt: now,
                expiresAt: token.expiresAt
            )
        )
    }

    mutating func retirePrevious(now: Instant) {
        guard let previous = credential.previous else { return }
        retired.append(
            RetiredToken(
                credentialID: credential.id,
                stamp: previous.stamp,
                generation: previous.generation,
                reason: .graceEnded,
                retiredAt: min(now, previous.validUntil),
                expiresAt: previous.expiresAt
            )
        )
        credential.previous = nil
    }

    mutating func withdrawPending(now: Instant) {
        guard let pending = credential.pending else { return }
        withdrawn.append(WithdrawnToken(credentialID: credential.id, stamp: pending.stamp, withdrawnAt: now))
        credential.pending = nil
    }

    mutating func end(_ state: RotationState, error: String? = nil, now: Instant) {
        withdrawPending(now: now)
        rotation?.state = state
        rotation?.endedAt = now
        if let error { rotation?.error = error }
    }

    /// The running rotation waits for its next attempt; its pending token is withdrawn, not retired.
    mutating func returnToRequested(now: Instant) {
        guard running != nil else { return }
        withdrawPending(now: now)
        rotation?.state = .requested
        rotation?.deliveredAt = nil
        rotation?.storedAt = nil
        rotation?.deadline = nil
    }
}

/// A wish for a rotation, with what its shell knows.
package struct RotationAsk: Hashable, Sendable {
    package var id: RotationID
    package var mode: RotationMode
    package var origin: RotationOrigin
    package var reason: String?
    package var requestedBy: Actor
    /// Whether a channel opened with the current token is live.
    package var isConnected: Bool
    package var requireConnected: Bool
    package var isConfirmed: Bool

    package init(
        id: RotationID,
        mode: RotationMode,
        origin: RotationOrigin,
        reason: String? = nil,
        requestedBy: Actor,
        isConnected: Bool,
        requireConnected: Bool = false,
        isConfirmed: Bool = false
    ) {
        self.id = id
        self.mode = mode
        self.origin = origin
        self.reason = reason
        self.requestedBy = requestedBy
        self.isConnected = isConnected
        self.requireConnected = requireConnected
        self.isConfirmed = isConfirmed
    }
}

package enum RotationRequestOutcome: Hashable, Sendable {
    case begun
    /// The running rotation became more urgent.
    case raised
}

/// Why no rotation begins.
package enum RotationRefusal: Error, Hashable, Sendable {
    case revoked
    case confirmationRequired
    case notConnected(forced: Bool)
    case inProgress(RotationID)
    case previousInGrace(until: Instant)
    case contention
}
