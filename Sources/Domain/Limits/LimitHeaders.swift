/// The header fields of LIM-2 as text.
///
/// `RateLimit-Policy` and `RateLimit` are structured-field lists (RFC 9651) as the IETF draft "RateLimit header fields
/// for HTTP" has them in its 11th version: one member per limit, a string that names it, with the parameters `q` (quota)
/// and `w` (window in seconds), and `r` (units left) and `t` (seconds in which no more than those should be used).
/// Partition keys are never sent. `X-RateLimit-*` tell of one limit, the one that is nearest to its end.
package struct LimitHeaders: Hashable, Sendable {
    /// `Retry-After`, with a refusal only.
    package let retryAfter: String?
    package let rateLimitPolicy: String
    package let rateLimit: String
    /// `X-RateLimit-Limit`.
    package let limit: String
    /// `X-RateLimit-Remaining`.
    package let remaining: String
    /// `X-RateLimit-Reset`: seconds since 1970, rounded up.
    package let reset: String
    /// When the limit of `X-RateLimit-*` lets the refused call through, or is wholly free again; to the microsecond.
    package let resetsAt: Instant

    /// The fields for an answer; `nil` if no limit is set.
    package init?(_ standings: [LimitStanding], refusal: LimitRefusal? = nil, at now: Instant) {
        let told = refusal.flatMap { refusal in standings.first { $0.kind == refusal.kind } }
        guard let nearest = told ?? standings.min(by: { Self.isNearer($0, $1) }) else { return nil }
        retryAfter = refusal.map { String($0.retryAfterSeconds) }
        resetsAt = Self.reset(nearest, refusal)
        rateLimitPolicy = standings.map { "\"\($0.kind.rawValue)\";q=\($0.limit);w=\($0.window.secondsRoundedUp)" }
            .joined(separator: ", ")
        rateLimit =
            standings.map { standing in
                let wait = max(0, (Self.reset(standing, refusal) - now).secondsRoundedUp)
                return "\"\(standing.kind.rawValue)\";r=\(standing.left);t=\(wait)"
            }
            .joined(separator: ", ")
        limit = String(nearest.limit)
        remaining = String(nearest.left)
        reset = String(max(0, (resetsAt - Instant(microseconds: 0)).secondsRoundedUp))
    }

    /// All fields with their names, for the edge to write.
    package var fields: [(name: String, value: String)] {
        var fields = [
            ("RateLimit-Policy", rateLimitPolicy), ("RateLimit", rateLimit), ("X-RateLimit-Limit", limit),
            ("X-RateLimit-Remaining", remaining), ("X-RateLimit-Reset", reset),
        ]
        if let retryAfter { fields.insert(("Retry-After", retryAfter), at: 0) }
        return fields.map { (name: $0.0, value: $0.1) }
    }

    private static func reset(_ standing: LimitStanding, _ refusal: LimitRefusal?) -> Instant {
        guard let refusal, refusal.kind == standing.kind else { return standing.fullAt }
        return refusal.availableAt ?? refusal.refusedAt + .seconds(refusal.retryAfterSeconds)
    }

    /// Whether a smaller share of the first limit is left; of two equal ones the longer window is told.
    private static func isNearer(_ one: LimitStanding, _ other: LimitStanding) -> Bool {
        let shares = (Double(one.left) / Double(max(1, one.limit)), Double(other.left) / Double(max(1, other.limit)))
        return shares.0 == shares.1 ? one.window > other.window : shares.0 < shares.1
    }
}
