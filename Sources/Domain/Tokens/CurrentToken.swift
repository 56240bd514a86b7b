/// The text of a credential that counts: an agent's, or that of a personal or service token.
package struct CurrentToken: Hashable, Sendable {
    package var stamp: TokenStamp
    package var issuedAt: Instant
    /// Absent for tokens without an end (ROT-12).
    package var expiresAt: Instant?

    package init(stamp: TokenStamp, issuedAt: Instant, expiresAt: Instant?) {
        self.stamp = stamp
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
