internal import Domain
internal import Logging
internal import SQLDatabase
internal import Store
internal import StrictJSON
internal import Synchronization

/// Thresholds of quotas that were reached and are yet to be written down (LIM-3); bounded.
final class QuotaWarnings: Sendable {
    struct Warning: Sendable {
        let token: IndexedToken
        let threshold: QuotaThreshold
        let at: Instant
    }

    private static let bound = 10_000
    private let waiting = Mutex<[Warning]>([])

    func add(_ warning: Warning) {
        waiting.withLock { waiting in
            if waiting.count < Self.bound { waiting.append(warning) }
        }
    }

    func take() -> [Warning] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}

extension LimitService {
    /// Writes an event and a notice for each threshold, once for each month whatever the number of nodes.
    package func warn() async {
        let due = warnings.take()
        guard !due.isEmpty else { return }
        let ids = due.map { _ in (notice: context.ids.next() as NotificationID, event: context.ids.next() as EventID) }
        do {
            try await context.write { tx in
                for (warning, id) in zip(due, ids) { try warning.write(id.notice, id.event, in: tx) }
            }
        } catch {
            due.forEach(warnings.add)
            context.logger.warning("A quota warning could not be written", metadata: ["error": "\(error)"])
        }
    }
}

extension QuotaWarnings.Warning {
    fileprivate func write(_ notice: NotificationID, _ event: EventID, in tx: borrowing Transaction) throws {
        var month = QuotaWindow()
        let start = month.period(at: at).lowerBound
        let quota = token.limits.figures.monthlyQuota ?? 0
        var user: UserID?
        if case .user(let id) = token.owner { user = id }
        let body = JSONValue.object(["percent": .integer(Int64(threshold.rawValue)), "quota": .integer(Int64(quota))])
        let notification = Notification(
            id: notice,
            organizationID: token.record.organizationID,
            userID: user,
            kind: "token.quota_reached",
            subject: .token(token.id),
            once: "quota:\(token.id.text):\(start.microseconds):\(threshold.rawValue)",
            body: body.text,
            createdAt: at
        )
        guard try NotificationStore.insert(notification, in: tx) else { return }
        let caller = Caller.system(
            job: "limits",
            requestID: "limits",
            organizationID: token.record.organizationID,
            workspaceID: token.workspaceID
        )
        let record = caller.auditEvent(
            id: event,
            at: at,
            action: "token.quota_reached",
            target: .token(token.id),
            reason: "\(threshold.rawValue) % of the monthly quota of \(quota)"
        )
        try AuditStore.append(record, in: tx)
    }
}
