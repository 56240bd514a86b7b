package import Domain
internal import SQLDatabase
internal import Store

/// The first step of every operation on agents: whether the caller may do it, and whether the agent exists for them.
struct AgentAuthority: Sendable {
    let context: ControlPlaneContext

    /// Refuses a caller who may not do this; the denial is audited before the answer (AUD-1).
    func require(
        _ action: ScopeAction,
        _ caller: Caller,
        as name: String,
        agent: AgentID? = nil
    ) async throws(ControlPlaneError) {
        let target = agent.map { AuditTarget.agent($0) }
        try await context.authorize(caller, action, as: name, agent: agent, target: target)
    }

    /// The agent, if it lies in the caller's workspace; another's answers like one that doesn't exist.
    ///
    /// A transaction that may change it has it for itself from here on.
    static func agent(_ id: AgentID, for caller: Caller, in tx: borrowing Transaction) throws -> Agent {
        if tx.isWritable { try AgentStore.lock(id, workspace: caller.workspaceID, in: tx) }
        guard let agent = try AgentStore.get(id, workspace: caller.workspaceID, in: tx),
            agent.organizationID == caller.organizationID
        else { throw ControlPlaneError.notFound("agent") }
        return agent
    }
}

extension AuditTarget {
    package static func agent(_ id: AgentID) -> AuditTarget { AuditTarget(kind: "agent", id: id.text) }
}
