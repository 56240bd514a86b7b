/// The life of one personal or service token (TOK-1, ROT-13), without I/O or clock.
///
/// An event is a `mutating func`; it changes ``token``, collects texts that died in ``retired`` and answers whether it
/// changed anything. What asks for the state there already is changes nothing.
///
/// | | live | paused | suspended | revoked |
/// |---|---|---|---|---|
/// | pause | paused | – | refused | refused |
/// | resume | – | live | live, if it lifts suspensions | refused |
/// | suspend | suspended | suspended | – | refused |
/// | revoke | revoked | revoked | revoked | – |
/// | rotate | live | refused | refused | refused |
/// | require rotation | live | paused | suspended | refused |
///
/// What holds after every event: a revoked token stays revoked; the generation never shrinks and grows with rotation
/// alone; the previous token never works longer than its own expiry.
package struct TokenStateMachine: Hashable, Sendable {
    package private(set) var token: APIToken
    package private(set) var retired: [RetiredToken] = []

    /// How long an owner has to rotate once an administrator asked for it.
    package static let collectionTime = Duration.hours(72)

    package init(_ token: APIToken) { self.token = token }

    package mutating func pause() throws(TokenEventRefusal) -> Bool {
        try require(.pause, in: [.live, .paused])
        return move(to: .paused)
    }

    /// `liftsSuspension`: whether the caller may undo a suspension; a plain resume doesn't.
    package mutating func resume(liftsSuspension: Bool = false) throws(TokenEventRefusal) -> Bool {
        try require(.resume, in: liftsSuspension ? [.live, .paused, .suspended] : [.live, .paused])
        return move(to: .live)
    }

    /// Detection, or a person, has a suspicion.
    package mutating func suspend() throws(TokenEventRefusal) -> Bool {
        try require(.suspend, in: [.live, .paused, .suspended])
        return move(to: .suspended)
    }

    /// For ever; both texts are dead with it, whatever grace there was.
    package mutating func revoke(now: Instant) -> Bool {
        guard token.state != .revoked else { return false }
        token.revokedAt = now
        token.rotationRequiredBy = nil
        return move(to: .revoked)
    }

    /// An administrator wants a token rotated and does not get the new text: its owner collects it, or whoever may rotate
    /// a service token.
    ///
    /// A demand that stands already is kept if it ends earlier.
    package mutating func requireRotation(now: Instant) throws(TokenEventRefusal) -> Bool {
        try require(.requireRotation, in: [.live, .paused, .suspended])
        let deadline = now + Self.collectionTime
        if let standing = token.rotationRequiredBy, standing <= deadline { return false }
        token.rotationRequiredBy = deadline
        token.version += 1
        return true
    }

    /// Gives the token a new text; the old one lives on for the grace.
    ///
    /// A token of which a rotation was demanded doesn't rotate itself: somebody else may have its text.
    package mutating func rotate(_ order: TokenRotation, now: Instant) throws(TokenEventRefusal) {
        try require(.rotate, in: [.live])
        guard order.asker != .other || token.kind == .service else { throw .collectedByOwner }
        guard order.asker != .itself || token.rotationRequiredBy == nil else { throw .collectedByOwner }
        let grace = try order.grace(for: token.kind)
        let old = token.current
        retirePrevious(now: now)
        let end = min(now + grace, old.expiresAt ?? .latest)
        if end > now {
            token.previous = APIToken.Previous(
                stamp: old.stamp,
                generation: token.generation,
                validUntil: end,
                expiresAt: old.expiresAt,
                endsAtFirstUse: order.asker == .itself
            )
        } else {
            retire(old.stamp, generation: token.generation, .replaced, at: now, expiresAt: old.expiresAt)
        }
        token.generation += 1
        token.current = APIToken.Current(stamp: order.stamp, issuedAt: now, expiresAt: order.expiresAt)
        token.rotationRequiredBy = nil
        token.version += 1
    }

    /// The current token was used: it ends the grace of a token that rotated itself.
    package mutating func used(now: Instant) -> Bool {
        guard token.state != .revoked, let previous = token.previous,
            previous.endsAtFirstUse || previous.validUntil <= now
        else { return false }
        return endGrace(now: now)
    }

    /// Ends the grace now, by hand or because it is over.
    package mutating func endGrace(now: Instant) -> Bool {
        guard token.state != .revoked, token.previous != nil else { return false }
        retirePrevious(now: now)
        token.version += 1
        return true
    }

    private mutating func retirePrevious(now: Instant) {
        guard let previous = token.previous else { return }
        let end = min(now, previous.validUntil)
        retire(previous.stamp, generation: previous.generation, .graceEnded, at: end, expiresAt: previous.expiresAt)
        token.previous = nil
    }

    private mutating func retire(
        _ stamp: TokenStamp,
        generation: Int64,
        _ reason: RetiredToken.Reason,
        at instant: Instant,
        expiresAt: Instant?
    ) {
        let dead = RetiredToken(
            credentialID: token.id,
            stamp: stamp,
            generation: generation,
            reason: reason,
            retiredAt: instant,
            expiresAt: expiresAt
        )
        retired.append(dead)
    }

    private func require(_ event: TokenEvent, in states: [APIToken.State]) throws(TokenEventRefusal) {
        guard states.contains(token.state) else { throw .notIn(token.state, event) }
    }

    private mutating func move(to state: APIToken.State) -> Bool {
        guard token.state != state else { return false }
        token.state = state
        token.version += 1
        return true
    }
}

/// What may happen to a token.
package enum TokenEvent: String, CaseIterable, Sendable {
    case pause, resume, suspend, revoke, rotate, requireRotation
}

/// Why an event is refused.
package enum TokenEventRefusal: Error, Hashable, Sendable {
    /// Not in this state.
    case notIn(APIToken.State, TokenEvent)
    /// The grace must lie in this range, in whole seconds.
    case graceOutOfRange(ClosedRange<Int>)
    /// Only its owner may have the new text: that of a personal token, or one whose rotation was demanded.
    case collectedByOwner
}
