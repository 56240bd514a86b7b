import Domain
import SQLDatabase

extension AgentStore {
    private static let source = "FROM identity JOIN agent ON agent.id = identity.id"

    static let insertIdentity = (ColumnList(["kind"]) + identityFixed + identityChanging).insert(into: "identity")
    static let insertAgent = (ColumnList(["id", "workspace_id"]) + profileColumns + statementColumns)
        .insert(into: "agent", then: "ON CONFLICT DO NOTHING RETURNING id")
    static let get = Statement("SELECT \(columns) \(source) WHERE identity.id = ? AND agent.deleted_at IS NULL")
    static let getOwn = Statement("\(get.text) AND agent.workspace_id = ?")
    static let getWithDeleted = Statement("SELECT \(columns) \(source) WHERE identity.id = ?")
    static let findBySlug = Statement(
        "SELECT \(columns) \(source) WHERE agent.workspace_id = ? AND agent.slug = ? AND agent.deleted_at IS NULL"
    )
    static let slugTaken: Statement =
        "SELECT id FROM agent WHERE workspace_id = ? AND slug = ? AND deleted_at IS NULL AND id <> ?"
    /// Writing the row keeps others from it until the transaction ends.
    static let lock: Statement = """
        UPDATE identity SET version = version WHERE id = ? AND workspace_id = ? RETURNING version
        """
    static let lockHolder: Statement = """
        UPDATE identity SET version = version WHERE id = (SELECT identity_id FROM credential WHERE id = ?)
        RETURNING version
        """
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
        SELECT \(columns), \(PresenceStore.columns.list(of: "agent_presence"))
        \(source) LEFT JOIN agent_presence ON agent_presence.agent_id = agent.id
        """
    )

    static func listing(workspace: WorkspaceID, query: AgentQuery) -> StatementBuilder {
        var list = StatementBuilder(listHead)
        list.condition("agent.workspace_id = ? AND identity.workspace_id = agent.workspace_id", [.id(workspace)])
        list.condition("agent.deleted_at IS NULL")
        if let state = query.state { list.condition("identity.state = ?", [.word(state)]) }
        switch query.isConnected {
        case true: list.condition("agent_presence.is_connected = 1")
        case false: list.condition("agent_presence.is_connected IS NULL OR agent_presence.is_connected = 0")
        default: break
        }
        if let environment = query.environment { list.condition("agent.environment = ?", [.text(environment)]) }
        if let label = query.label {
            list.condition(
                "agent.id IN (SELECT agent_id FROM agent_label WHERE name = ? AND value = ?)",
                [.text(label.name), .text(label.value)]
            )
        }
        if let text = query.text {
            list.condition("agent.folded_text LIKE ? ESCAPE '!'", [.text(FoldedText.pattern(containing: text))])
        }
        if let after = query.after { list.condition("identity.id < ?", [.id(after)]) }
        list.append("ORDER BY identity.id DESC LIMIT ?", [.int(query.limit + 1)])
        return list
    }

    static let statements = [
        getOwn, insertIdentity, insertAgent, get, getWithDeleted, findBySlug, slugTaken, lock, lockHolder,
        updateIdentity,
        updateAgent,
        updateStatement, deleteLabels, insertLabel, countByState,
    ]
}
