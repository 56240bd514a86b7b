package import Domain
package import SQLDatabase

/// What a list of an agent's events is narrowed to; absent fields narrow nothing.
package struct AgentEventFilter: Hashable, Sendable {
    package var kinds: [AgentEvent.Kind]?
    package var from: Instant?
    /// Events before this, not at it.
    package var until: Instant?

    package init(kinds: [AgentEvent.Kind]? = nil, from: Instant? = nil, until: Instant? = nil) {
        self.kinds = kinds
        self.from = from
        self.until = until
    }
}

/// The history of agents (AGT-8).
package enum AgentEventStore {
    package static func append(_ event: AgentEvent, in tx: borrowing Transaction) throws {
        try tx.execute(
            insert,
            [
                .id(event.id), .id(event.agentID), .id(event.workspaceID), .word(event.kind), .instant(event.time),
                .text(event.address), .text(event.message), .id(event.rotationID),
            ]
        )
    }

    /// One page of an agent's events, newest first.
    package static func list(
        of agent: AgentID,
        filter: AgentEventFilter = AgentEventFilter(),
        after cursor: PageCursor? = nil,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> Page<AgentEvent> {
        let list = listing(of: agent, filter: filter, after: cursor, limit: limit)
        let rows = try tx.rows(list.statement, list.values, event)
        return Page(rows, limit: limit) { PageCursor(time: $0.time, id: $0.id.text) }
    }

    static func listing(
        of agent: AgentID,
        filter: AgentEventFilter,
        after cursor: PageCursor?,
        limit: Int
    ) -> StatementBuilder {
        var list = StatementBuilder(head)
        list.condition("agent_id = ?", [.id(agent)])
        if let kinds = filter.kinds { list.condition("kind", isOneOf: kinds.map { .word($0) }) }
        if let from = filter.from { list.condition("time >= ?", [.instant(from)]) }
        if let until = filter.until { list.condition("time < ?", [.instant(until)]) }
        if let cursor { list.condition("(time, id) < (?, ?)", [.instant(cursor.time), .text(cursor.id)]) }
        list.append("ORDER BY time DESC, id DESC LIMIT ?", [.int(limit + 1)])
        return list
    }

    private static func event(_ row: Row) throws -> AgentEvent {
        var reader = row.reader
        let event = AgentEvent(
            id: try reader.id(),
            agentID: try reader.id(),
            workspaceID: try reader.id(),
            kind: try reader.word(),
            time: try reader.instant(),
            address: try reader.optionalText(),
            message: try reader.text(),
            rotationID: try reader.optionalID()
        )
        try reader.finish()
        return event
    }

    private static let columns: ColumnList = [
        "id", "agent_id", "workspace_id", "kind", "time", "address", "message", "rotation_id",
    ]
    private static let insert = columns.insert(into: "agent_event")
    private static let head = Statement("SELECT \(columns.list) FROM agent_event")

    static let statements = [insert, head]
}
