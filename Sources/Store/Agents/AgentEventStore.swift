package import Domain
package import SQLDatabase

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

    /// One page of an agent's events, newest first; the next one is behind the last one's id.
    package static func list(
        of agent: AgentID,
        query: AgentEventQuery,
        in tx: borrowing Transaction
    ) throws -> Page<AgentEvent> {
        let list = listing(of: agent, query: query)
        let rows = try tx.rows(list.statement, list.values, event)
        return Page(rows, limit: query.limit) { PageCursor(time: $0.time, id: $0.id.text) }
    }

    static func listing(of agent: AgentID, query: AgentEventQuery) -> StatementBuilder {
        var list = StatementBuilder(head)
        list.condition("agent_id = ?", [.id(agent)])
        if !query.kinds.isEmpty { list.condition("kind", isOneOf: query.kinds.map { .word($0) }) }
        if let since = query.since { list.condition("time >= ?", [.instant(since)]) }
        if let until = query.until { list.condition("time < ?", [.instant(until)]) }
        if let after = query.after { list.condition("id < ?", [.id(after)]) }
        list.append("ORDER BY id DESC LIMIT ?", [.int(query.limit + 1)])
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

    static let statements = [insert]
}
