extension Credential {
    /// Whether the scheduler should rotate the credential of a connected agent now (ROT-9).
    ///
    /// A shortened period makes older tokens due; tokens without expiry never are (ROT-12); nothing is due while the
    /// previous token works, after channel contention, and before the next try after a failure.
    package func isDue(_ policy: RotationPolicy, now: Instant) -> Bool {
        guard state == .live, kind == .agent, contentionAt == nil, grace(at: now) == nil else { return false }
        if let retryAt { return now >= retryAt }
        guard let current else { return true }
        guard let expiry = current.expiresAt else { return false }
        return now >= min(expiry, current.issuedAt + policy.period) - policy.lead
    }

    /// When a rotation that failed may be tried again: three times quickly, then once per interval.
    static func retryDelay(failures: Int, policy: RotationPolicy) -> Duration {
        guard failures < quickAttempts else { return policy.checkInterval }
        return min(policy.checkInterval, .seconds(10 << max(0, failures - 1)))
    }

    /// After this many failures in a row an alert is raised, once.
    package static let quickAttempts = 3
}
