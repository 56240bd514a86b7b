package import Domain
package import SQLDatabase

/// What a list of audit events is narrowed to; absent fields narrow nothing.
package struct AuditFilter: Hashable, Sendable {
    package var actions: [String]?
    package var outcome: AuditOutcome?
    package var actorID: String?
    package var target: AuditTarget?
    package var from: Instant?
    /// Events before this, not at it.
    package var until: Instant?

    package init() {}
}

/// The audit trail: written once, never changed; the schema refuses anything else (AUD-3).
package enum AuditStore {
    package static func append(_ event: AuditEvent, in tx: borrowing Transaction) throws {
        try tx.execute(insert, values(of: event))
    }

    /// One page of an organization's events, newest first; without an organization those of the server itself.
    package static func list(
        organization: OrganizationID?,
        filter: AuditFilter = AuditFilter(),
        after cursor: PageCursor? = nil,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> Page<AuditEvent> {
        let list = listing(organization: organization, filter: filter, after: cursor, limit: limit)
        let rows = try tx.rows(list.statement, list.values, event)
        return Page(rows, limit: limit) { PageCursor(time: $0.time, id: $0.id.text) }
    }

    static func listing(
        organization: OrganizationID?,
        filter: AuditFilter,
        after cursor: PageCursor?,
        limit: Int
    ) -> StatementBuilder {
        var list = StatementBuilder(head)
        if let organization {
            list.condition("organization_id = ?", [.id(organization)])
        } else {
            list.condition("organization_id IS NULL")
        }
        if let actions = filter.actions { list.condition("action", isOneOf: actions.map { .text($0) }) }
        if let outcome = filter.outcome { list.condition("outcome = ?", [.word(outcome)]) }
        if let actor = filter.actorID { list.condition("actor_id = ?", [.text(actor)]) }
        if let target = filter.target {
            list.condition("target_kind = ? AND target_id = ?", [.text(target.kind), .text(target.id)])
        }
        if let from = filter.from { list.condition("time >= ?", [.instant(from)]) }
        if let until = filter.until { list.condition("time < ?", [.instant(until)]) }
        if let cursor { list.condition("(time, id) < (?, ?)", [.instant(cursor.time), .text(cursor.id)]) }
        list.append("ORDER BY time DESC, id DESC LIMIT ?", [.int(limit + 1)])
        return list
    }

    private static func values(of event: AuditEvent) -> [SQLValue] {
        [
            .id(event.id), .id(event.organizationID), .id(event.workspaceID), .instant(event.time),
            .word(event.actor.kind), .text(event.actor.id), .text(event.actor.name), .text(event.action),
            .text(event.target?.kind), .text(event.target?.id), .word(event.outcome), .text(event.reason),
            .word(event.surface), .word(event.mode), .text(event.address), .text(event.userAgent),
            .text(event.requestID), .id(event.credentialID), .text(event.credentialPrefix), .text(event.before),
            .text(event.after), .text(event.details), .int(event.count),
        ]
    }

    private static func event(_ row: Row) throws -> AuditEvent {
        var reader = row.reader
        let id = try reader.id(EventID.self)
        let organization = try reader.optionalID(OrganizationID.self)
        let workspace = try reader.optionalID(WorkspaceID.self)
        let time = try reader.instant()
        let actor = try reader.actor()
        let action = try reader.text()
        let targetKind = try reader.optionalText()
        let targetID = try reader.optionalText()
        let target = targetKind.flatMap { kind in targetID.map { AuditTarget(kind: kind, id: $0) } }
        let event = AuditEvent(
            id: id,
            organizationID: organization,
            workspaceID: workspace,
            time: time,
            actor: actor,
            action: action,
            target: target,
            outcome: try reader.word(),
            reason: try reader.optionalText(),
            surface: try reader.word(),
            mode: try reader.word(),
            address: try reader.optionalText(),
            userAgent: try reader.optionalText(),
            requestID: try reader.optionalText(),
            credentialID: try reader.optionalID(),
            credentialPrefix: try reader.optionalText(),
            before: try reader.optionalText(),
            after: try reader.optionalText(),
            details: try reader.optionalText(),
            count: try reader.int()
        )
        try reader.finish()
        return event
    }

    private static let columns: ColumnList = [
        "id", "organization_id", "workspace_id", "time", "actor_kind", "actor_id", "actor_name", "action",
        "target_kind", "target_id", "outcome", "reason", "surface", "mode", "address", "user_agent", "request_id",
        "credential_id", "credential_prefix", "state_before", "state_after", "details", "occurrences",
    ]
    private static let insert = columns.insert(into: "audit_event")
    private static let head = Statement("SELECT \(columns.list) FROM audit_event")

    static let statements = [insert]
}
