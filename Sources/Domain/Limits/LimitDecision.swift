/// What became of a call: it was counted, or it was refused and nothing was.
package enum LimitDecision: Hashable, Sendable {
    case allowed(LimitAllowance)
    case refused(LimitRefusal)

    package var isAllowed: Bool {
        if case .allowed = self { true } else { false }
    }
}

/// What is left behind an allowed call.
package struct LimitAllowance: Hashable, Sendable {
    /// For each limit that is set, how many units more would be allowed now.
    package let left: LimitFigures
    /// The warning that this call brought about, once per month and threshold (LIM-3).
    package let raised: QuotaThreshold?
}

/// Why a call was refused, and when it would not be.
package struct LimitRefusal: Hashable, Sendable {
    /// The limit that holds the call up longest.
    package let kind: LimitKind
    package let limit: Int
    /// For each limit that is set, how many units would be allowed now.
    package let left: LimitFigures
    /// The first instant at which the same call would be allowed if nobody else takes units; `nil` if it never would,
    /// because it costs more than the limit.
    package let availableAt: Instant?
    package let refusedAt: Instant
    /// Whether the limit is not reached: other nodes hold what is left of it, or the database didn't answer in time.
    package var isWithheld = false

    /// The value for `Retry-After`: whole seconds, rounded up, at least 1.
    ///
    /// A call that costs more than its limit is told to come back after a day at the earliest: by then the limit may
    /// have been changed, and nothing else helps.
    package var retryAfterSeconds: Int64 {
        guard let availableAt else { return Duration.days(1).secondsRoundedUp }
        return max(1, (availableAt - refusedAt).secondsRoundedUp)
    }
}
