package import Domain
package import SQLDatabase

/// Who has a live channel: a table without triggers, written in batches.
package enum PresenceStore {
    /// Writes the presences of a batch, whatever was known before.
    package static func write(_ presences: [AgentPresence], in tx: borrowing Transaction) throws {
        for presence in presences {
            try tx.execute(
                upsert,
                [
                    .id(presence.agentID), .bool(presence.isConnected), .instant(presence.changedAt),
                    .instant(presence.lastSeenAt), .text(presence.address),
                ]
            )
        }
    }

    package static func get(_ id: AgentID, in tx: borrowing Transaction) throws -> AgentPresence? {
        try tx.first(get, [.id(id)]) { row in
            var reader = row.reader
            let presence = AgentPresence(
                agentID: try reader.id(),
                isConnected: try reader.bool(),
                changedAt: try reader.instant(),
                lastSeenAt: try reader.optionalInstant(),
                address: try reader.optionalText()
            )
            try reader.finish()
            return presence
        }
    }

    /// Says of all agents that they are away, as a server that starts must; returns how many were not.
    @discardableResult
    package static func disconnectAll(now: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(disconnectAll, [.instant(now)])
    }

    private static let upsert: Statement = """
        INSERT INTO agent_presence (agent_id, is_connected, changed_at, last_seen_at, address) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (agent_id) DO UPDATE SET is_connected = excluded.is_connected, changed_at = excluded.changed_at,
            last_seen_at = excluded.last_seen_at, address = excluded.address
        """
    private static let get: Statement =
        "SELECT agent_id, is_connected, changed_at, last_seen_at, address FROM agent_presence WHERE agent_id = ?"
    private static let disconnectAll: Statement =
        "UPDATE agent_presence SET is_connected = 0, changed_at = ? WHERE is_connected = 1"

    static let statements = [upsert, get, disconnectAll]
}
