internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Writes the two witnesses of a change, the agent's history and the audit trail, in the change's transaction.
struct AgentRecorder: Sendable {
    let ids: IDSource
    let caller: Caller
    let now: Instant

    init(_ context: ControlPlaneContext, caller: Caller, now: Instant) {
        ids = context.ids
        self.caller = caller
        self.now = now
    }

    func event(
        _ kind: AgentEvent.Kind,
        of agent: Agent,
        _ message: String,
        rotation: RotationID? = nil,
        in tx: borrowing Transaction
    ) throws {
        let event = AgentEvent(
            id: ids.next(),
            agentID: agent.id,
            workspaceID: agent.workspaceID,
            kind: kind,
            time: now,
            address: caller.address,
            message: SecretRedaction.redact(message),
            rotationID: rotation
        )
        try AgentEventStore.append(event, in: tx)
    }

    func audit(
        _ action: String,
        of agent: Agent,
        outcome: AuditOutcome = .success,
        reason: String? = nil,
        before: String? = nil,
        after: String? = nil,
        rotation: Rotation? = nil,
        in tx: borrowing Transaction
    ) throws {
        var event = caller.auditEvent(
            id: ids.next(),
            at: now,
            action: action,
            target: .agent(agent.id),
            outcome: outcome,
            reason: reason,
            before: before,
            after: after,
            details: rotation?.auditJSON
        )
        event.organizationID = agent.organizationID
        event.workspaceID = agent.workspaceID
        try AuditStore.append(event, in: tx)
    }
}

extension IdentityState {
    /// What an event of an agent's life shows before and after it.
    var auditJSON: String { Self.auditJSON(rawValue) }

    /// The last word of an agent's life, which no state has.
    static let deletedAuditJSON = auditJSON("deleted")

    private static func auditJSON(_ status: String) -> String {
        JSONValue.object(["status": .string(status)]).text
    }
}

extension Rotation {
    /// What an event of a rotation shows beside the agent.
    fileprivate var auditJSON: String {
        JSONValue.object(["rotation_id": .string(id.text), "mode": .string(mode.rawValue)]).text
    }
}

extension Caller {
    /// An agent on its channel or at its enrolment.
    static func agent(
        _ agent: Agent,
        credential: Credential?,
        address: String?,
        requestID: String,
        surface: Surface = .channel
    ) -> Caller {
        Caller(
            actor: Actor(kind: .agent, id: agent.id.text, name: agent.profile.name),
            organizationID: agent.organizationID,
            workspaceID: agent.workspaceID,
            credentialID: credential?.id,
            credentialPrefix: credential?.current?.stamp.prefix,
            address: address,
            requestID: requestID,
            surface: surface,
            rights: .holder([])
        )
    }
}
