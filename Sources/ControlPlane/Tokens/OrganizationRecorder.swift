internal import Domain
internal import SQLDatabase
internal import Store

/// Writes the event of a change of something that belongs to the whole organization, in the change's transaction.
struct OrganizationRecorder: Sendable {
    let caller: Caller
    let organization: OrganizationID
    let now: Instant
    private let action: String
    private let target: AuditTarget
    private let eventID: EventID
    private let conflictID: EventID

    /// Refuses a caller who belongs to no organization.
    init(
        _ context: ControlPlaneContext,
        _ action: String,
        of target: AuditTarget,
        by caller: Caller
    ) throws(ControlPlaneError) {
        guard let organization = caller.organizationID else { throw .notFound("organization") }
        self.organization = organization
        self.caller = caller
        self.action = action
        self.target = target
        now = context.now()
        eventID = context.ids.next()
        conflictID = context.ids.next()
    }

    /// Takes the organization's row: rules over several of its objects are checked by one transaction at a time.
    func lock(in tx: borrowing Transaction) throws {
        guard try OrganizationStore.lock(organization, in: tx) != nil else {
            throw ControlPlaneError.notFound("organization")
        }
    }

    /// Writes down the conflicts of rights that the change made, if it made any (ORG-8).
    func audit(
        _ scan: ConflictScan,
        since before: Set<ConflictScan.Found>,
        in tx: borrowing Transaction
    ) throws {
        try scan.audit(since: before, target: target, by: caller, id: conflictID, at: now, in: tx)
    }

    func audit(before: String? = nil, after: String?, in tx: borrowing Transaction) throws {
        let event = caller.auditEvent(
            id: eventID,
            at: now,
            action: action,
            target: target,
            before: before,
            after: after
        )
        try AuditStore.append(event, in: tx)
    }
}
