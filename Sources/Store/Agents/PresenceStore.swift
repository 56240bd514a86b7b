package import Domain
package import SQLDatabase

/// Which of an agent's channels is the live one, and on which node.
package struct ChannelPlace: Hashable, Sendable {
    /// The channels of an agent are numbered in the order in which they were opened.
    package let channel: Int64
    /// ``NodeIdentity/id`` of the node that holds it.
    package let nodeID: String

    package init(channel: Int64, nodeID: String) {
        self.channel = channel
        self.nodeID = nodeID
    }
}

/// Who has a live channel: written when one opens, by its own transaction, and in batches when channels close.
package enum PresenceStore {
    /// A channel was opened; it is the live one from now on, and its number is answered.
    package static func opened(
        _ agent: AgentID,
        on node: NodeIdentity,
        peer: String,
        contention: ChannelContention,
        address: String?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Int64 {
        let number = try tx.first(
            opened,
            [
                .id(agent), .int(1), .instant(now), .instant(now), .text(address), .text(node.id), .int(1), .text(peer),
                .text(contention.json),
            ]
        ) { try $0.int(0) }
        guard let number else { throw DatabaseError(.unexpectedRows, "A channel was opened and has no number.") }
        return number
    }

    /// A channel was closed; a newer one is left alone.
    ///
    /// Answers whether it was the live one.
    @discardableResult
    package static func closed(
        _ agent: AgentID,
        _ place: ChannelPlace,
        lastSeenAt: Instant?,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let values: [SQLValue] = [.instant(now), .instant(lastSeenAt), .id(agent), .int(place.channel)]
        return try tx.execute(closed, values + [.text(place.nodeID)]) == 1
    }

    /// A node that was taken for gone says that this channel lives; answers whether it still is the agent's newest.
    package static func reasserted(
        _ agent: AgentID,
        _ place: ChannelPlace,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(reasserted, [.instant(now), .id(agent), .int(place.channel), .text(place.nodeID)]) == 1
    }

    package static func get(_ id: AgentID, in tx: borrowing Transaction) throws -> AgentPresence? {
        guard let row = try tx.first(get, [.id(id)]) else { return nil }
        var reader = row.reader
        let presence = try presence(of: reader.id(), &reader)
        try reader.finish()
        return presence
    }

    /// The newest channel an agent ever had, with who opened it and what is known of contention.
    package static func newest(
        of id: AgentID,
        in tx: borrowing Transaction
    ) throws -> (place: ChannelPlace, isConnected: Bool, peer: String, contention: ChannelContention)? {
        try tx.first(newest, [.id(id)]) { row in
            (
                place: ChannelPlace(channel: try row.int(0), nodeID: try row.text(1)), isConnected: try row.bool(2),
                peer: try row.text(3), contention: ChannelContention(json: try row.text(4)) ?? ChannelContention()
            )
        }
    }

    /// A channel whose node is gone.
    package struct Orphan: Sendable {
        package let agentID: AgentID
        package let workspaceID: WorkspaceID
        package let place: ChannelPlace?
        package let lastSeenAt: Instant?
        package let address: String?
    }

    /// Channels that a node holds which was silent since `time`, or that nobody holds.
    package static func orphans(
        silentSince time: Instant,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> [Orphan] {
        try tx.rows(orphans, [.instant(time), .int(limit)]) { row in
            var reader = row.reader
            let agent: AgentID = try reader.id()
            let workspace: WorkspaceID = try reader.id()
            let channel = try reader.optionalInt()
            let node = try reader.optionalText()
            let orphan = Orphan(
                agentID: agent,
                workspaceID: workspace,
                place: channel.flatMap { number in node.map { ChannelPlace(channel: number, nodeID: $0) } },
                lastSeenAt: try reader.optionalInstant(),
                address: try reader.optionalText()
            )
            try reader.finish()
            return orphan
        }
    }

    /// Says of all agents that they are away, as the only server of a database must when it starts; returns how many
    /// were not.
    @discardableResult
    package static func disconnectAll(now: Instant, in tx: borrowing Transaction) throws -> Int {
        try tx.execute(disconnectAll, [.instant(now)])
    }

    /// The columns of ``AgentPresence`` behind the agent's id.
    static let columns: ColumnList = ["is_connected", "changed_at", "last_seen_at", "address", "node_id", "channel"]

    static func presence(of id: AgentID, _ reader: inout RowReader) throws -> AgentPresence? {
        let isConnected = try reader.optionalBool()
        let changedAt = try reader.optionalInstant()
        let lastSeenAt = try reader.optionalInstant()
        let address = try reader.optionalText()
        let nodeID = try reader.optionalText()
        let channel = try reader.optionalInt()
        guard let isConnected, let changedAt else { return nil }
        return AgentPresence(
            agentID: id,
            isConnected: isConnected,
            changedAt: changedAt,
            lastSeenAt: lastSeenAt,
            address: address,
            nodeID: nodeID,
            channel: channel
        )
    }

    private static let opened: Statement = """
        INSERT INTO agent_presence
            (agent_id, is_connected, changed_at, last_seen_at, address, node_id, channel, peer, contention)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (agent_id) DO UPDATE SET is_connected = excluded.is_connected, changed_at = excluded.changed_at,
            last_seen_at = excluded.last_seen_at, address = excluded.address, node_id = excluded.node_id,
            channel = COALESCE(agent_presence.channel, 0) + 1, peer = excluded.peer, contention = excluded.contention
        RETURNING channel
        """
    private static let closed: Statement = """
        UPDATE agent_presence SET is_connected = 0, changed_at = ?, last_seen_at = ?
        WHERE agent_id = ? AND channel = ? AND node_id = ? AND is_connected = 1
        """
    private static let reasserted: Statement = """
        UPDATE agent_presence SET is_connected = 1, changed_at = CASE WHEN is_connected = 1 THEN changed_at ELSE ? END
        WHERE agent_id = ? AND channel = ? AND node_id = ?
        """
    private static let get = Statement("SELECT agent_id, \(columns.list) FROM agent_presence WHERE agent_id = ?")
    private static let newest: Statement = """
        SELECT channel, node_id, is_connected, peer, contention FROM agent_presence
        WHERE agent_id = ? AND channel IS NOT NULL
        """
    private static let orphans: Statement = """
        SELECT agent_presence.agent_id, agent.workspace_id, agent_presence.channel, agent_presence.node_id,
            agent_presence.last_seen_at, agent_presence.address
        FROM agent_presence JOIN agent ON agent.id = agent_presence.agent_id
        LEFT JOIN node ON node.id = agent_presence.node_id AND node.seen_at > ?
        WHERE agent_presence.is_connected = 1 AND node.id IS NULL
        ORDER BY agent_presence.agent_id LIMIT ?
        """
    private static let disconnectAll: Statement =
        "UPDATE agent_presence SET is_connected = 0, changed_at = ? WHERE is_connected = 1"

    static let statements = [opened, closed, reasserted, get, newest, orphans, disconnectAll]
}
