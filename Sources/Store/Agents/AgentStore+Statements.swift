import Domain
import SQLDatabase

extension AgentStore {
    private static let source = "FROM identity JOIN agent ON agent.id = identity.id"

    static let insertIdentity = (ColumnList(["kind"]) + identityFixed + identityChanging).insert(into: "identity")
    static let insertAgent = (ColumnList(["id", "workspace_id"]) + profileColumns + statementColumns)
        .insert(into: "agent", then: "ON CONFLICT DO NOTHING RETURNING id")
    static let get = Statement("SELECT \(columns) \(source) WHERE identity.id = ? AND agent.deleted_at IS NULL")
    static let getWithDeleted = Statement("SELECT \(columns) \(source) WHERE identity.id = ?")
    static let findBySlug = Statement(
        "SELECT \(columns) \(source) WHERE agent.workspace_id = ? AND agent.slug = ? AND agent.deleted_at IS NULL"
    )
    static let slugTaken: Statement =
        "SELECT id FROM agent WHERE workspace_id = ? AND slug = ? AND deleted_at IS NULL AND id <> ?"
    static let updateIdentity = Statement(
        "UPDATE identity SET \(identityChanging.assignments) WHERE id = ? AND version = ?"
    )
    static let updateAgent = Statement(
        "UPDATE agent SET \((profileColumns + statementColumns).assignments) WHERE id = ?"
    )
    static let updateStatement = Statement("UPDATE agent SET \(statementColumns.assignments) WHERE id = ?")
    static let deleteLabels: Statement = "DELETE FROM agent_label WHERE agent_id = ?"
    static let insertLabel: Statement = "INSERT INTO agent_label (agent_id, name, value) VALUES (?, ?, ?)"
    static let countByState: Statement = """
        SELECT identity.state, COUNT(*) FROM identity JOIN agent ON agent.id = identity.id
        WHERE agent.workspace_id = ? AND agent.deleted_at IS NULL GROUP BY identity.state
        """
    private static let listHead = Statement(
        """
        SELECT \(columns), agent_presence.is_connected, agent_presence.changed_at, agent_presence.last_seen_at,
            agent_presence.address
        \(source) LEFT JOIN agent_presence ON agent_presence.agent_id = agent.id
        """
    )

    static func listing(
        workspace: WorkspaceID,
        filter: AgentFilter,
        after cursor: PageCursor?,
        limit: Int
    ) -> StatementBuilder {
        var list = StatementBuilder(listHead)
        list.condition("agent.workspace_id = ? AND identity.workspace_id = agent.workspace_id", [.id(workspace)])
        list.condition("agent.deleted_at IS NULL")
        if let states = filter.states { list.condition("identity.state", isOneOf: states.map { .word($0) }) }
        switch filter.isConnected {
        case true: list.condition("agent_presence.is_connected = 1")
        case false: list.condition("agent_presence.is_connected IS NULL OR agent_presence.is_connected = 0")
        default: break
        }
        if let environment = filter.environment { list.condition("agent.environment = ?", [.text(environment)]) }
        if let region = filter.region { list.condition("agent.region = ?", [.text(region)]) }
        for (name, value) in filter.labels.sorted(by: { $0.key < $1.key }) {
            list.condition(
                "agent.id IN (SELECT agent_id FROM agent_label WHERE name = ? AND value = ?)",
                [.text(name), .text(value)]
            )
        }
        if let text = filter.text {
            list.condition("agent.folded_text LIKE ? ESCAPE '!'", [.text(FoldedText.pattern(containing: text))])
        }
        if let cursor {
            list.condition(
                "(identity.created_at, identity.id) < (?, ?)",
                [.instant(cursor.time), .text(cursor.id)]
            )
        }
        list.append("ORDER BY identity.created_at DESC, identity.id DESC LIMIT ?", [.int(limit + 1)])
        return list
    }

    static let statements = [
        insertIdentity, insertAgent, get, getWithDeleted, findBySlug, slugTaken, updateIdentity, updateAgent,
        updateStatement, deleteLabels, insertLabel, countByState, listHead,
    ]
}
