internal import Domain
internal import SQLDatabase
internal import Store

/// The first step of every operation on agents: may this caller do it, and does the agent exist for them?
struct AgentAuthority: Sendable {
    let context: ControlPlaneContext

    /// Refuses a caller without the permission; the denial is audited before the answer (AUD-1).
    func require(
        _ permission: Permission,
        _ caller: Caller,
        action: String,
        agent: AgentID? = nil
    ) async throws(ControlPlaneError) {
        guard caller.organizationID == nil || caller.workspaceID == nil || !caller.holds(permission) else { return }
        let event = caller.auditEvent(
            id: context.ids.next(),
            at: context.now(),
            action: action,
            target: agent.map { AuditTarget(kind: "agent", id: $0.text) },
            outcome: .denied,
            reason: "\(permission.rawValue) is missing"
        )
        if caller.actor.kind != .anonymous {
            try await context.write { tx in try AuditStore.append(event, in: tx) }
        }
        throw ControlPlaneError(
            .permissionDenied,
            "You may not do this.",
            details: ["permission": .string(permission.rawValue)]
        )
    }

    /// The agent, if it lies in the caller's workspace; another's answers like one that doesn't exist.
    static func agent(_ id: AgentID, for caller: Caller, in tx: borrowing Transaction) throws -> Agent {
        guard let agent = try AgentStore.get(id, in: tx), agent.workspaceID == caller.workspaceID,
            agent.organizationID == caller.organizationID
        else { throw ControlPlaneError.notFound("agent") }
        return agent
    }
}
