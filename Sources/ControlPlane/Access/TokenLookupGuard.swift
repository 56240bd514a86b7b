package import Domain
internal import StrictJSON
internal import Synchronization

/// The one limiter of a server that every look-up of a token passes (TOK-2).
package final class TokenLookupGuard: Sendable {
    private let limiter = Mutex(TokenLookupLimiter())

    package init() {}

    /// Lets a look-up on, or throws `TooManyAttempts`; the store is not asked then.
    package func check(_ hash: TokenHash, address: String?, at now: Instant) throws(ControlPlaneError) {
        guard limiter.withLock({ $0.allows(hash, address: address, at: now) }) else {
            throw ControlPlaneError(
                .tooManyAttempts,
                "Too many unknown tokens came from this address; try again.",
                details: ["retry_after_seconds": 1]
            )
        }
    }

    /// Notes what a look-up gave.
    package func note(isKnown: Bool, _ hash: TokenHash, address: String?, at now: Instant) {
        limiter.withLock { limiter in
            if isKnown { limiter.found(hash) } else { limiter.missed(address: address, at: now) }
        }
    }
}
