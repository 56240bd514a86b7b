/// One token of a credential as the store knows it: its keyed hash and the few characters that may be shown.
package struct TokenStamp: Hashable, Sendable {
    package var hash: StoredHash
    package var prefix: String

    package init(hash: StoredHash, prefix: String) {
        self.hash = hash
        self.prefix = prefix
    }
}

/// What an agent proves itself with; its id stays while its generation grows.
package struct Credential: Hashable, Sendable, Identifiable {
    package enum Kind: String, CaseIterable, Sendable {
        case install, agent
    }

    package enum State: String, CaseIterable, Sendable {
        case live, revoked
    }

    package typealias Current = CurrentToken

    /// The token issued by the running rotation and not yet proven.
    package struct Pending: Hashable, Sendable {
        package var stamp: TokenStamp
        package var issuedAt: Instant
        /// The expiry the token will have as the current one, fixed when it was issued.
        package var expiresAt: Instant
        /// Until when it may be promoted: the current token's expiry plus the offline allowance.
        package var validUntil: Instant

        package init(stamp: TokenStamp, issuedAt: Instant, expiresAt: Instant, validUntil: Instant) {
            self.stamp = stamp
            self.issuedAt = issuedAt
            self.expiresAt = expiresAt
            self.validUntil = validUntil
        }
    }

    /// The token before the current one, while its grace lasts.
    package struct Previous: Hashable, Sendable {
        package var stamp: TokenStamp
        package var generation: Int64
        /// The end of its grace, never beyond its own expiry.
        package var validUntil: Instant
        package var expiresAt: Instant?

        package init(stamp: TokenStamp, generation: Int64, validUntil: Instant, expiresAt: Instant?) {
            self.stamp = stamp
            self.generation = generation
            self.validUntil = validUntil
            self.expiresAt = expiresAt
        }
    }

    package let id: CredentialID
    package let agentID: AgentID
    package let organizationID: OrganizationID
    package let workspaceID: WorkspaceID
    package let kind: Kind
    package var state: State
    /// Grows by one with each promotion, and with each fresh token of an enrolment that is asked again.
    package var generation: Int64
    /// Absent only after a forced rotation has killed it.
    package var current: Current?
    package var pending: Pending?
    package var previous: Previous?
    /// Paused time since the current token expired: it does not count against the offline allowance.
    package var allowanceExtension: Duration
    /// The enrolment an install token is bound to, by its first use.
    package var enrolmentID: String?
    /// Rotations that failed one after the other, by the agent's own word.
    package var consecutiveFailures: Int
    /// Before this the scheduler does not try again.
    package var retryAt: Instant?
    /// When mutual replacements of its channel stopped rotation.
    package var contentionAt: Instant?
    package let createdAt: Instant
    package var revokedAt: Instant?
    /// Grows with every change; the value of a compare-and-swap.
    package var version: Int64

    package init(
        id: CredentialID,
        agentID: AgentID,
        organizationID: OrganizationID,
        workspaceID: WorkspaceID,
        kind: Kind,
        state: State = .live,
        generation: Int64 = 1,
        current: Current?,
        pending: Pending? = nil,
        previous: Previous? = nil,
        allowanceExtension: Duration = .zero,
        enrolmentID: String? = nil,
        consecutiveFailures: Int = 0,
        retryAt: Instant? = nil,
        contentionAt: Instant? = nil,
        createdAt: Instant,
        revokedAt: Instant? = nil,
        version: Int64 = 1
    ) {
        self.id = id
        self.agentID = agentID
        self.organizationID = organizationID
        self.workspaceID = workspaceID
        self.kind = kind
        self.state = state
        self.generation = generation
        self.current = current
        self.pending = pending
        self.previous = previous
        self.allowanceExtension = allowanceExtension
        self.enrolmentID = enrolmentID
        self.consecutiveFailures = consecutiveFailures
        self.retryAt = retryAt
        self.contentionAt = contentionAt
        self.createdAt = createdAt
        self.revokedAt = revokedAt
        self.version = version
    }
}

/// A token that was current once and is past its grace.
///
/// Its use may be a theft (ROT-11).
package struct RetiredToken: Hashable, Sendable {
    package enum Reason: String, CaseIterable, Sendable {
        /// Its grace ended, by time or by hand.
        case graceEnded = "grace_ended"
        /// It was replaced without grace.
        case replaced
        /// A forced rotation killed it before the agent had proven another: its use by the agent is expected.
        case forced
    }

    package let credentialID: CredentialID
    package let stamp: TokenStamp
    package let generation: Int64
    package let reason: Reason
    package let retiredAt: Instant
    package let expiresAt: Instant?

    package init(
        credentialID: CredentialID,
        stamp: TokenStamp,
        generation: Int64,
        reason: Reason,
        retiredAt: Instant,
        expiresAt: Instant?
    ) {
        self.credentialID = credentialID
        self.stamp = stamp
        self.generation = generation
        self.reason = reason
        self.retiredAt = retiredAt
        self.expiresAt = expiresAt
    }
}

/// A token that was issued and never promoted.
///
/// Its use is no sign of theft.
package struct WithdrawnToken: Hashable, Sendable {
    package let credentialID: CredentialID
    package let stamp: TokenStamp
    package let withdrawnAt: Instant

    package init(credentialID: CredentialID, stamp: TokenStamp, withdrawnAt: Instant) {
        self.credentialID = credentialID
        self.stamp = stamp
        self.withdrawnAt = withdrawnAt
    }
}
