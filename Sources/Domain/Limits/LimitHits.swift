/// A token's calls of one endpoint, some of which a limit refused (LIM-5).
package struct LimitHits: Hashable, Sendable {
    /// The route's template or the protected API.
    package let endpoint: String
    package let calls: Int
    package let refused: Int
    /// The minute of the last refusal.
    package let lastRefusedAt: Instant

    package init(endpoint: String, calls: Int, refused: Int, lastRefusedAt: Instant) {
        self.endpoint = endpoint
        self.calls = calls
        self.refused = refused
        self.lastRefusedAt = lastRefusedAt
    }
}
