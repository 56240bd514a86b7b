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
            throw Self.refusal("Too many unknown tokens came from this address; try again.")
        }
    }

    /// The same for something else that may not be there, which the holder of a known credential names.
    package func checkLook(of source: String, at now: Instant) throws(ControlPlaneError) {
        guard limiter.withLock({ $0.allowsLook(of: source, at: now) }) else {
            throw Self.refusal("Too many ids that nothing has came with this token; try again.")
        }
    }

    /// Notes that there was nothing.
    package func noteMissedLook(of source: String, at now: Instant) {
        limiter.withLock { $0.missedLook(of: source, at: now) }
    }

    private static func refusal(_ message: String) -> ControlPlaneError {
        ControlPlaneError(.tooManyAttempts, message, details: ["retry_after_seconds": 1])
    }

    /// Notes a token that was just made: its first use is no stranger's.
    func noteMade(_ hash: TokenHash) {
        limiter.withLock { $0.found(hash) }
    }

    /// Notes what a look-up gave.
    package func note(isKnown: Bool, _ hash: TokenHash, address: String?, at now: Instant) {
        limiter.withLock { limiter in
            if isKnown { limiter.found(hash) } else { limiter.missed(address: address, at: now) }
        }
    }
}
