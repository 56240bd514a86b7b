package import Domain
package import SQLDatabase

/// Rotations from request to end; the schema allows one running rotation per credential (ROT-5).
package enum RotationStore {
    /// Adds a rotation unless one is running for its credential; answers whether it was added.
    package static func insert(_ rotation: Rotation, in tx: borrowing Transaction) throws -> Bool {
        try tx.first(insert, fixedValues(of: rotation) + changingValues(of: rotation)) != nil
    }

    package static func get(_ id: RotationID, in tx: borrowing Transaction) throws -> Rotation? {
        try tx.first(get, [.id(id)], rotation)
    }

    /// The rotation that runs for a credential, if one does.
    package static func running(of credential: CredentialID, in tx: borrowing Transaction) throws -> Rotation? {
        try tx.first(runningOfCredential, [.id(credential)], rotation)
    }

    /// The newest rotation of an agent, running or over.
    package static func latest(of agent: AgentID, in tx: borrowing Transaction) throws -> Rotation? {
        try tx.first(latestOfAgent, [.id(agent)], rotation)
    }

    /// Writes a changed rotation if it still has the version it was read with; answers whether it did.
    package static func update(
        _ rotation: Rotation,
        expectedVersion: Int64,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.execute(update, changingValues(of: rotation) + [.id(rotation.id), .int(expectedVersion)]) == 1
    }

    /// Running rotations whose deadline is past, oldest deadline first.
    package static func expired(
        now: Instant,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> [Rotation] {
        try tx.rows(expired, [.instant(now), .int(limit)], rotation)
    }

    /// Rotations that run, optionally in some states only, oldest first.
    package static func running(
        in states: [RotationState]? = nil,
        after cursor: PageCursor? = nil,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> Page<Rotation> {
        let list = listing(in: states, after: cursor, limit: limit)
        let rows = try tx.rows(list.statement, list.values, rotation)
        return Page(rows, limit: limit) { PageCursor(time: $0.requestedAt, id: $0.id.text) }
    }

    static func listing(in states: [RotationState]?, after cursor: PageCursor?, limit: Int) -> StatementBuilder {
        var list = StatementBuilder(listHead)
        // The constant words first: they are what the index of running rotations is made of.
        list.condition("state IN ('requested', 'issued', 'delivered', 'stored')")
        if let states { list.condition("state", isOneOf: states.map { .word($0) }) }
        if let cursor {
            list.condition("(requested_at, id) > (?, ?)", [.instant(cursor.time), .text(cursor.id)])
        }
        list.append("ORDER BY requested_at, id LIMIT ?", [.int(limit + 1)])
        return list
    }

    private static let insert = columns.insert(into: "rotation", then: "ON CONFLICT DO NOTHING RETURNING id")
    private static let get = Statement("SELECT \(columns.list) FROM rotation WHERE id = ?")
    private static let runningOfCredential = Statement(
        """
        SELECT \(columns.list) FROM rotation
        WHERE credential_id = ? AND state IN ('requested', 'issued', 'delivered', 'stored')
        """
    )
    private static let latestOfAgent = Statement(
        "SELECT \(columns.list) FROM rotation WHERE agent_id = ? ORDER BY requested_at DESC, id DESC LIMIT 1"
    )
    private static let update = Statement(
        "UPDATE rotation SET \(changing.assignments) WHERE id = ? AND version = ?"
    )
    private static let expired = Statement(
        """
        SELECT \(columns.list) FROM rotation
        WHERE state IN ('issued', 'delivered', 'stored') AND deadline <= ? ORDER BY deadline, id LIMIT ?
        """
    )
    private static let listHead = Statement("SELECT \(columns.list) FROM rotation")

    static let statements = [insert, get, runningOfCredential, latestOfAgent, update, expired]
}

extension RotationStore {
    private static let columns = fixed + changing
    private static let fixed: ColumnList = [
        "id", "credential_id", "agent_id", "organization_id", "workspace_id", "origin", "requested_by_kind",
        "requested_by_id", "requested_by_name", "requested_at",
    ]
    private static let changing: ColumnList = [
        "mode", "state", "reason", "attempt", "issued_at", "delivered_at", "stored_at", "promoted_at", "ended_at",
        "deadline", "error", "version",
    ]

    private static func fixedValues(of rotation: Rotation) -> [SQLValue] {
        [
            .id(rotation.id), .id(rotation.credentialID), .id(rotation.agentID), .id(rotation.organizationID),
            .id(rotation.workspaceID), .word(rotation.origin), .word(rotation.requestedBy.kind),
            .text(rotation.requestedBy.id), .text(rotation.requestedBy.name), .instant(rotation.requestedAt),
        ]
    }

    private static func changingValues(of rotation: Rotation) -> [SQLValue] {
        [
            .word(rotation.mode), .word(rotation.state), .text(rotation.reason), .int(rotation.attempt),
            .instant(rotation.issuedAt), .instant(rotation.deliveredAt), .instant(rotation.storedAt),
            .instant(rotation.promotedAt), .instant(rotation.endedAt), .instant(rotation.deadline),
            .text(rotation.error), .int(rotation.version),
        ]
    }

    private static func rotation(_ row: Row) throws -> Rotation {
        var reader = row.reader
        let id = try reader.id(RotationID.self)
        let credential = try reader.id(CredentialID.self)
        let agent = try reader.id(AgentID.self)
        let organization = try reader.id(OrganizationID.self)
        let workspace = try reader.id(WorkspaceID.self)
        let origin = try reader.word(RotationOrigin.self)
        let requestedBy = try reader.actor()
        let requestedAt = try reader.instant()
        let rotation = Rotation(
            id: id,
            credentialID: credential,
            agentID: agent,
            organizationID: organization,
            workspaceID: workspace,
            mode: try reader.word(),
            state: try reader.word(),
            origin: origin,
            reason: try reader.optionalText(),
            requestedBy: requestedBy,
            attempt: Int(try reader.int()),
            requestedAt: requestedAt,
            issuedAt: try reader.optionalInstant(),
            deliveredAt: try reader.optionalInstant(),
            storedAt: try reader.optionalInstant(),
            promotedAt: try reader.optionalInstant(),
            endedAt: try reader.optionalInstant(),
            deadline: try reader.optionalInstant(),
            error: try reader.optionalText(),
            version: try reader.int()
        )
        try reader.finish()
        return rotation
    }
}
