/// Where the hash of a presented token was found.
package enum TokenFit: Hashable, Sendable {
    case current, pending, previous
    case retired(RetiredToken)
    case withdrawn
}

/// Why a token of an agent opens nothing.
package enum TokenRefusal: Error, Hashable, Sendable {
    /// Unknown, withdrawn, or pending beyond its life: the daemon falls back to its older token.
    case invalid
    /// Past its expiry and the offline allowance.
    case expired
    /// Past its grace. Whether its use may be a theft (ROT-11) stands beside it.
    case rotatedOut(isTheftSign: Bool)
    case revoked
    case paused
}

/// What a token may open now.
package enum TokenAdmission: Hashable, Sendable {
    case full
    /// The token is expired, within the offline allowance: until then it renews itself.
    case renewOnly
    /// The previous token within its grace: no rotation, no keys, no executions.
    case previous(until: Instant)
}

extension Credential {
    /// When the current token can no longer renew itself; `nil` if it has no expiry.
    package func allowanceEnd(_ policy: RotationPolicy) -> Instant? {
        guard let expiry = current?.expiresAt else { return nil }
        return expiry + policy.offlineAllowance + allowanceExtension
    }

    /// What a token that fits may open, asked at use: no sweeper has to come by first (ROT-10).
    package func admission(
        of fit: TokenFit,
        identity: IdentityState,
        policy: RotationPolicy,
        now: Instant
    ) throws(TokenRefusal) -> TokenAdmission {
        guard state == .live, identity != .revoked else { throw .revoked }
        guard identity != .paused else { throw .paused }
        switch fit {
        case .current:
            return try currentAdmission(policy: policy, now: now)
        case .pending:
            let end = pending.map { min($0.validUntil, $0.expiresAt + policy.offlineAllowance) }
            guard let pending, let end, now < end else { throw .invalid }
            return now < pending.expiresAt ? .full : .renewOnly
        case .previous:
            guard let previous, now < previous.validUntil else { throw .rotatedOut(isTheftSign: true) }
            return .previous(until: previous.validUntil)
        case .retired(let token):
            throw .rotatedOut(isTheftSign: generation > token.generation)
        case .withdrawn:
            throw .invalid
        }
    }

    private func currentAdmission(policy: RotationPolicy, now: Instant) throws(TokenRefusal) -> TokenAdmission {
        guard let current else { throw .invalid }
        guard let expiry = current.expiresAt, now >= expiry else { return .full }
        guard let end = allowanceEnd(policy), now < end else { throw .expired }
        return .renewOnly
    }

    /// Whether the agent can't come back by itself, as far as the server can tell.
    package func needsReset(_ policy: RotationPolicy, isConnected: Bool, now: Instant) -> Bool {
        guard state == .live, kind == .agent, !isConnected else { return false }
        if let pending, now < pending.validUntil { return false }
        guard current != nil else { return true }
        guard let end = allowanceEnd(policy) else { return false }
        return now >= end
    }

    /// Until when the previous token works, if it does now.
    package func grace(at now: Instant) -> Instant? {
        guard state == .live, let previous, now < previous.validUntil else { return nil }
        return previous.validUntil
    }
}
