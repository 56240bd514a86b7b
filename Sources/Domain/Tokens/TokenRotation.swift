/// A new text for a token, and how long the old one lives on (ROT-13).
package struct TokenRotation: Hashable, Sendable {
    package enum Asker: String, CaseIterable, Sendable {
        /// The token, with its own text.
        case itself
        /// The person it belongs to; of a service token, whoever may rotate it.
        case owner
        /// Somebody else than the owner of a personal token.
        case other
    }

    /// The longest grace: 7 days.
    package static let longestGrace = Duration.days(7)
    /// The shortest grace of a token that rotates itself, so that a lost answer strands nobody.
    package static let shortestGraceOfItself = Duration.hours(1)

    package let stamp: TokenStamp
    package let asker: Asker
    /// Absent for the default: 24 hours for service tokens, none for personal ones, at least an hour for itself.
    package let chosenGrace: Duration?
    package let expiresAt: Instant?

    package init(stamp: TokenStamp, asker: Asker, grace: Duration? = nil, expiresAt: Instant?) {
        self.stamp = stamp
        self.asker = asker
        chosenGrace = grace
        self.expiresAt = expiresAt
    }

    /// The expiry that gives a new text the same length of life as the current one; absent if that has no end.
    package static func renewedExpiry(of token: APIToken, now: Instant) -> Instant? {
        token.current.expiresAt.map { now + ($0 - token.current.issuedAt) }
    }

    func grace(for kind: APIToken.Kind) throws(TokenEventRefusal) -> Duration {
        let shortest: Duration = asker == .itself ? Self.shortestGraceOfItself : .zero
        guard let chosenGrace else {
            let usual: Duration = kind == .service ? .hours(24) : .zero
            return max(shortest, usual)
        }
        guard chosenGrace >= shortest, chosenGrace <= Self.longestGrace else {
            let range = Int(shortest.components.seconds)...Int(Self.longestGrace.components.seconds)
            throw .graceOutOfRange(range)
        }
        return chosenGrace
    }
}
