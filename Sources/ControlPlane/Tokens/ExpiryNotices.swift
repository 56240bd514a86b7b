internal import Domain
internal import Logging
internal import SQLDatabase
internal import ServiceLifecycle
internal import Store
internal import StrictJSON

/// Tells owners that their tokens end soon, or have ended: each notice once, into the outbox (TOK-7).
///
/// A token ends when its text expires, or before at the time by which its rotation was demanded (ROT-13). It runs on the
/// one node that holds the lease, when it gets it and every ten minutes.
package struct ExpiryNotices: Service {
    private let context: ControlPlaneContext
    private let lease: JobLease
    private let interval: Duration

    package init(context: ControlPlaneContext, pace: LeasePace = .shared, interval: Duration = .minutes(10)) {
        self.context = context
        self.interval = interval
        lease = JobLease("expiry_notices", context: context, pace: pace)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await lease.keep() }
                group.addTask { await loop() }
            }
        }
        await lease.release()
    }

    private func loop() async {
        var next = ContinuousClock.now
        var lastTenure: Int64?
        while !Task.isCancelled {
            if let tenure = lease.tenure, tenure != lastTenure || .now >= next {
                lastTenure = tenure
                next = .now + interval
                do throws(ControlPlaneError) {
                    try await tell(in: tenure)
                } catch {
                    context.logger.error("Notices of expiry could not be written", metadata: ["error": "\(error)"])
                }
            }
            try? await Task.sleep(for: min(.seconds(1), interval))
        }
    }

    /// One run, if this node has or gets the lease; answers how many notices it wrote.
    @discardableResult
    package func runOnce() async throws(ControlPlaneError) -> Int {
        guard let tenure = try await lease.acquire() else { return 0 }
        return try await tell(in: tenure)
    }

    @discardableResult
    private func tell(in tenure: Int64) async throws(ControlPlaneError) -> Int {
        var written = 0
        for end in APITokenStore.End.allCases { written += try await tell(of: end, in: tenure) }
        return written
    }

    /// Tokens that have both ends are found twice, and told of once: by the earlier one.
    private func tell(of end: APITokenStore.End, in tenure: Int64) async throws(ControlPlaneError) -> Int {
        let now = context.now()
        var written = 0
        var cursor: PageCursor?
        repeat {
            let after = cursor
            let page = try await context.read { tx in
                try APITokenStore.ending(
                    by: end,
                    after: now - ExpiryNotice.lateness,
                    until: now + ExpiryNotice.longestLead,
                    from: after,
                    limit: 200,
                    in: tx
                )
            }
            let due = page.elements.compactMap { notice(of: $0, now: now) }
            if !due.isEmpty {
                let lease = lease
                written += try await context.write { tx in
                    try lease.require(tenure, in: tx)
                    return try due.filter { try NotificationStore.insert($0, in: tx) }.count
                }
            }
            cursor = page.next
        } while cursor != nil && !Task.isCancelled
        return written
    }

    /// What its owner should hear of a token now, if anything; of a service token those who manage the organization.
    private func notice(of token: APIToken, now: Instant) -> Notification? {
        guard let life = token.life,
            let due = ExpiryNotice.due(issuedAt: life.begin, endsAt: life.end, now: now)
        else { return nil }
        return Notification(
            of: token,
            kind: "token.expiry",
            once: "token.expiry/\(token.id.text)/\(token.generation)/\(due.rawValue)",
            [
                ("expires_at", .string(life.end.rfc3339)),
                ("rotation_required", .bool(life.end == token.rotationRequiredBy)),
                ("notice", .string(due.rawValue)),
            ],
            id: context.ids.next(),
            at: now
        )
    }
}
