package import Domain
package import SQLDatabase

/// Credentials and the tokens in their three slots.
package enum CredentialStore {
    /// Which slot of a credential a token was found in.
    package enum Slot: String, Hashable, Sendable, CaseIterable {
        case current, pending, previous
    }

    /// Adds a credential; the schema refuses a second live one of the same kind for an agent.
    package static func insert(_ credential: Credential, in tx: borrowing Transaction) throws {
        try tx.execute(insert, identityValues(of: credential) + changingValues(of: credential))
    }

    package static func get(_ id: CredentialID, in tx: borrowing Transaction) throws -> Credential? {
        try tx.first(get, [.id(id)], credential)
    }

    /// The credential that a token belongs to, with the slot it is in; the hash says under which pepper it was made.
    package static func find(
        _ hash: TokenHash,
        in tx: borrowing Transaction
    ) throws -> (credential: Credential, slot: Slot)? {
        let value = SQLValue.hash(hash)
        guard let found = try tx.first(find, [value, value, value], credential) else { return nil }
        let slots: [(Slot, TokenHash?)] = [
            (.current, found.current?.stamp.hash.hash), (.pending, found.pending?.stamp.hash.hash),
            (.previous, found.previous?.stamp.hash.hash),
        ]
        return slots.first { $0.1 == hash }.map { (found, $0.0) }
    }

    /// All credentials of an agent, oldest first, dead ones too.
    package static func list(of agent: AgentID, in tx: borrowing Transaction) throws -> [Credential] {
        try tx.rows(listOfAgent, [.id(agent)], credential)
    }

    /// The one live credential of a kind that an agent has, if it has one.
    package static func live(
        _ kind: Credential.Kind,
        of agent: AgentID,
        in tx: borrowing Transaction
    ) throws -> Credential? {
        try tx.first(liveOfAgent, [.id(agent), .word(kind)], credential)
    }

    /// Writes a changed credential if it still has the generation and version it was read with; answers whether it
    /// did.
    ///
    /// The record's own version counts, which has to be a greater one.
    package static func update(
        _ credential: Credential,
        expectedGeneration: Int64,
        version: Int64,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let keys: [SQLValue] = [.id(credential.id), .int(expectedGeneration), .int(version)]
        return try tx.execute(update, changingValues(of: credential) + keys) == 1
    }

    /// Live credentials of connected, active agents whose token is due, oldest first: issued before `issuedBefore` or
    /// expiring before `expiresBefore`, with no rotation running and no retry or contention in the way.
    ///
    /// Credentials without an expiry are never due (ROT-12).
    package static func due(
        issuedBefore: Instant,
        expiresBefore: Instant,
        now: Instant,
        after cursor: PageCursor? = nil,
        limit: Int,
        in tx: borrowing Transaction
    ) throws -> Page<Credential> {
        let list = dueListing(
            issuedBefore: issuedBefore,
            expiresBefore: expiresBefore,
            now: now,
            after: cursor,
            limit: limit
        )
        let rows = try tx.rows(list.statement, list.values, credential)
        return Page(rows, limit: limit) {
            PageCursor(time: $0.current?.issuedAt ?? $0.createdAt, id: $0.id.text)
        }
    }

    static func dueListing(
        issuedBefore: Instant,
        expiresBefore: Instant,
        now: Instant,
        after cursor: PageCursor?,
        limit: Int
    ) -> StatementBuilder {
        var list = StatementBuilder(dueHead)
        list.condition(
            """
            credential.state = 'live' AND credential.kind = 'agent' AND credential.token_expires_at IS NOT NULL
            AND identity.state = 'active' AND agent_presence.is_connected = 1
            """
        )
        list.condition(
            "credential.token_issued_at < ? OR credential.token_expires_at < ? OR credential.retry_at IS NOT NULL",
            [.instant(issuedBefore), .instant(expiresBefore)]
        )
        list.condition("credential.retry_at IS NULL OR credential.retry_at <= ?", [.instant(now)])
        list.condition("credential.contention_at IS NULL AND rotation.id IS NULL")
        if let cursor {
            list.condition(
                "(credential.token_issued_at, credential.id) > (?, ?)",
                [.instant(cursor.time), .text(cursor.id)]
            )
        }
        list.append("ORDER BY credential.token_issued_at, credential.id LIMIT ?", [.int(limit + 1)])
        return list
    }

    private static let dueHead = Statement(
        """
        SELECT \(columns.list(of: "credential")) FROM credential
        JOIN identity ON identity.id = credential.identity_id
        JOIN agent_presence ON agent_presence.agent_id = credential.identity_id
        LEFT JOIN rotation ON rotation.credential_id = credential.id
            AND rotation.state IN ('requested', 'issued', 'delivered', 'stored')
        """
    )

    private static let insert = columns.insert(into: "credential")
    private static let get = Statement("SELECT \(columns.list) FROM credential WHERE id = ?")
    private static let find = Statement(
        "SELECT \(columns.list) FROM credential WHERE current_hash = ? OR pending_hash = ? OR previous_hash = ?"
    )
    private static let listOfAgent = Statement(
        "SELECT \(columns.list) FROM credential WHERE identity_id = ? ORDER BY created_at, id"
    )
    private static let liveOfAgent = Statement(
        "SELECT \(columns.list) FROM credential WHERE identity_id = ? AND kind = ? AND state = 'live'"
    )
    private static let update = Statement(
        "UPDATE credential SET \(changing.assignments) WHERE id = ? AND generation = ? AND version = ?"
    )

    static let statements = [insert, get, find, listOfAgent, liveOfAgent, update]
}
