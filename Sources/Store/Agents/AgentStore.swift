package import Domain
package import SQLDatabase

/// Agents: their identity and what their operator wrote.
///
/// Deleted ones are kept, and found by id only when asked for.
package enum AgentStore {
    /// Adds an agent unless its slug is taken in its workspace; answers whether it was added.
    package static func insert(_ agent: Agent, in tx: borrowing Transaction) throws -> Bool {
        // The unique slug is asked for first: a conflict behind the identity's row would leave that row behind.
        guard try !isSlugTaken(agent.profile.slug, workspace: agent.workspaceID, except: agent.id, in: tx) else {
            return false
        }
        try tx.execute(insertIdentity, identityValues(of: agent) + identityChangingValues(of: agent))
        let added = try tx.first(
            insertAgent,
            [.id(agent.id), .id(agent.workspaceID)] + profileValues(of: agent) + statementValues(of: agent)
        )
        guard added != nil else {
            // Somebody took the slug in the moment between (possible on PostgreSQL only).
            throw DatabaseError(.uniqueViolation, "The slug is taken.")
        }
        try writeLabels(of: agent, in: tx)
        return true
    }

    package static func get(
        _ id: AgentID,
        includingDeleted: Bool = false,
        in tx: borrowing Transaction
    ) throws -> Agent? {
        try tx.first(includingDeleted ? getWithDeleted : get, [.id(id)], agent)
    }

    /// An agent of this workspace; another's is not there, and takes as long to be not there (ORG-1).
    package static func get(
        _ id: AgentID,
        workspace: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws -> Agent? {
        try tx.first(getOwn, [.id(id), .text(workspace?.text)], agent)
    }

    /// Keeps everybody else from changing the agent, its credentials and its rotations until the transaction ends.
    ///
    /// Every transaction that changes one of them takes this lock first and reads afterwards. On SQLite, with its one
    /// writer, that is so already.
    package static func lock(
        _ id: AgentID,
        workspace: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws {
        _ = try tx.first(lock, [.id(id), .text(workspace?.text)])
    }

    /// The same by one of the agent's credentials.
    package static func lock(holderOf credential: CredentialID, in tx: borrowing Transaction) throws {
        _ = try tx.first(lockHolder, [.id(credential)])
    }

    /// The agent of a workspace with this slug.
    package static func find(
        slug: String,
        workspace: WorkspaceID,
        in tx: borrowing Transaction
    ) throws -> Agent? {
        try tx.first(findBySlug, [.id(workspace), .text(slug)], agent)
    }

    /// Whether a slug is used by another agent of the workspace that is not deleted.
    package static func isSlugTaken(
        _ slug: String,
        workspace: WorkspaceID,
        except id: AgentID,
        in tx: borrowing Transaction
    ) throws -> Bool {
        try tx.first(slugTaken, [.id(workspace), .text(slug), .id(id)]) != nil
    }

    /// Writes a changed agent, identity and profile, if it still has the version it was read with; answers whether it
    /// did.
    ///
    /// The slug has to be asked for before (``isSlugTaken(_:workspace:except:in:)``).
    package static func update(_ agent: Agent, expectedVersion: Int64, in tx: borrowing Transaction) throws -> Bool {
        guard try updateIdentity(agent, expectedVersion: expectedVersion, in: tx) else { return false }
        try tx.execute(updateAgent, profileValues(of: agent) + statementValues(of: agent) + [.id(agent.id)])
        try writeLabels(of: agent, in: tx)
        return true
    }

    /// Writes only state, key and times of the identity, if it still has the version it was read with; the cheap form
    /// for activate, pause, resume, revoke and reset.
    package static func updateIdentity(
        _ agent: Agent,
        expectedVersion: Int64,
        in tx: borrowing Transaction
    ) throws -> Bool {
        let keys: [SQLValue] = [.id(agent.id), .int(expectedVersion)]
        return try tx.execute(updateIdentity, identityChangingValues(of: agent) + keys) == 1
    }

    /// Writes what the daemon states about itself; it is no change of the agent, and bumps no version.
    package static func updateStatement(
        _ statement: AgentStatement,
        of id: AgentID,
        in tx: borrowing Transaction
    ) throws {
        try tx.execute(updateStatement, values(of: statement) + [.id(id)])
    }

    /// One page of a workspace's agents, newest first; the next one is behind the last one's id.
    package static func list(
        workspace: WorkspaceID,
        query: AgentQuery,
        in tx: borrowing Transaction
    ) throws -> Page<AgentWithPresence> {
        let list = listing(workspace: workspace, query: query)
        let rows = try tx.rows(list.statement, list.values, agentWithPresence)
        return Page(rows, limit: query.limit) { PageCursor(time: $0.agent.createdAt, id: $0.agent.id.text) }
    }

    /// How many agents of a workspace are in each state.
    package static func counts(
        workspace: WorkspaceID,
        in tx: borrowing Transaction
    ) throws -> [IdentityState: Int64] {
        let rows = try tx.rows(countByState, [.id(workspace)]) { row in
            var reader = row.reader
            return (try reader.word(IdentityState.self), try reader.int())
        }
        return Dictionary(rows, uniquingKeysWith: +)
    }

    private static func writeLabels(of agent: Agent, in tx: borrowing Transaction) throws {
        try tx.execute(deleteLabels, [.id(agent.id)])
        for (name, value) in agent.profile.labels {
            try tx.execute(insertLabel, [.id(agent.id), .text(name), .text(value)])
        }
    }
}
