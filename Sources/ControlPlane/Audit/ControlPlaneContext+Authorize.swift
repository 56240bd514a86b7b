package import Domain
internal import Logging
internal import SQLDatabase
internal import Store
internal import StrictJSON

extension ControlPlaneContext {
    /// Lets the caller on if they hold the permission; otherwise writes the denial into the audit trail and throws.
    ///
    /// Every use case calls this before it looks at anything. A denial is an event of its own (AUD-1), for a dry run
    /// too; if it can't be written the answer is a refusal all the same.
    package func authorize(
        _ caller: Caller,
        _ permission: Permission,
        action: String,
        target: AuditTarget? = nil,
        mode: AuditMode = .normal
    ) async throws(ControlPlaneError) {
        guard !caller.holds(permission) else { return }
        await recordDenial(
            of: action,
            to: caller,
            target: target,
            reason: "needs \(permission.rawValue)",
            mode: mode
        )
        throw ControlPlaneError(
            .permissionDenied,
            "This needs the permission \(permission.rawValue).",
            details: ["permission": .string(permission.rawValue)]
        )
    }

    /// Writes that an identified caller was refused; a failure to write is logged.
    package func recordDenial(
        of action: String,
        to caller: Caller,
        target: AuditTarget?,
        reason: String,
        mode: AuditMode = .normal
    ) async {
        let event = caller.auditEvent(
            id: ids.next(),
            at: now(),
            action: action,
            target: target,
            outcome: .denied,
            reason: reason,
            mode: mode
        )
        do {
            try await database.write { tx in try AuditStore.append(event, in: tx) }
        } catch {
            logger.error("A denial could not be audited", metadata: ["action": "\(action)", "error": "\(error)"])
        }
    }
}
