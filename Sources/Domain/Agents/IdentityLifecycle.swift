/// The life of an agent's identity as a pure state machine.
///
/// Each event answers what it changes or throws ``IdentityRefusal``. Events that ask for the state there already is
/// are idempotent and answer ``IdentityChange/none``. The table of legal moves stands at ``IdentityState``.
package struct IdentityLifecycle: Hashable, Sendable {
    package private(set) var state: IdentityState
    package private(set) var isDeleted: Bool

    package init(state: IdentityState, isDeleted: Bool = false) {
        self.state = state
        self.isDeleted = isDeleted
    }

    /// An install token is exchanged for an agent token: while pending only, and pending it stays.
    package mutating func enroll() throws(IdentityRefusal) {
        try require(.enroll, in: [.pending])
    }

    /// An agent token is used on the channel for the first time.
    package mutating func activate() throws(IdentityRefusal) -> IdentityChange {
        try require(.activate, in: [.pending, .active])
        return move(to: .active)
    }

    package mutating func pause() throws(IdentityRefusal) -> IdentityChange {
        try require(.pause, in: [.active, .paused])
        return move(to: .paused)
    }

    package mutating func resume() throws(IdentityRefusal) -> IdentityChange {
        try require(.resume, in: [.active, .paused])
        return move(to: .active)
    }

    /// Kills every credential for ever; wins from every state.
    package mutating func revoke() throws(IdentityRefusal) -> IdentityChange {
        try require(.revoke, in: IdentityState.allCases)
        return move(to: .revoked)
    }

    /// Kills every credential and begins anew, from every state.
    package mutating func reset() throws(IdentityRefusal) -> IdentityChange {
        try require(.reset, in: IdentityState.allCases)
        let from = state
        state = .pending
        return .moved(from: from)
    }

    /// Gives a new install token, while pending only.
    package mutating func regenerate() throws(IdentityRefusal) {
        try require(.regenerate, in: [.pending])
    }

    /// A rotation is asked for: of active agents only.
    package mutating func rotate() throws(IdentityRefusal) {
        try require(.rotate, in: [.active])
    }

    package mutating func delete() throws(IdentityRefusal) -> IdentityChange {
        try require(.delete, in: IdentityState.allCases)
        isDeleted = true
        let from = state
        state = .revoked
        return .moved(from: from)
    }

    private func require(_ event: IdentityEvent, in states: [IdentityState]) throws(IdentityRefusal) {
        guard !isDeleted, states.contains(state) else {
            throw IdentityRefusal(event: event, state: state, isDeleted: isDeleted)
        }
    }

    private mutating func move(to newer: IdentityState) -> IdentityChange {
        guard state != newer else { return .none }
        let from = state
        state = newer
        return .moved(from: from)
    }
}

/// What may happen to an identity.
package enum IdentityEvent: String, CaseIterable, Sendable {
    case enroll, activate, pause, resume, revoke, reset, regenerate, rotate, delete
}

/// What an event changed.
package enum IdentityChange: Hashable, Sendable {
    case none
    case moved(from: IdentityState)
}

/// An event that is not legal in the state there is.
package struct IdentityRefusal: Error, Hashable, Sendable {
    package let event: IdentityEvent
    package let state: IdentityState
    package let isDeleted: Bool

    package init(event: IdentityEvent, state: IdentityState, isDeleted: Bool) {
        self.event = event
        self.state = state
        self.isDeleted = isDeleted
    }
}
