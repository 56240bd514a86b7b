package import Domain
internal import Logging
internal import SQLDatabase
internal import Store
internal import StrictJSON

extension ControlPlaneContext {
    /// Lets the caller on if they may do this; otherwise writes the denial into the audit trail and throws.
    ///
    /// Every use case calls this before it looks at anything. A denial is an event of its own (AUD-1), for a dry run
    /// too; if it can't be written the answer is a refusal all the same. A token that lacks the scope is told which,
    /// and nothing more (`InsufficientScope`).
    ///
    /// `name` is what the audit trail calls it; `agent` the agent that it is done to. What was allowed is asked again by
    /// every transaction of the request (``RequestAuthority``).
    package func authorize(
        _ caller: Caller,
        _ action: ScopeAction,
        as name: String,
        agent: AgentID? = nil,
        target: AuditTarget? = nil
    ) async throws(ControlPlaneError) {
        let decision = caller.decide(action, agent: agent)
        guard let refusal = ControlPlaneError(decision, action) else {
            RequestAuthority.current?.note(action, agent: agent, name: name, target: target)
            return
        }
        await recordDenial(of: name, to: caller, target: target, reason: Self.reason(decision, action))
        await noteConflict(decision, of: action.permission, by: caller)
        throw refusal
    }

    private static func reason(_ decision: TokenAccess.Decision, _ action: ScopeAction) -> String {
        switch decision {
        case .outOfScope: "needs the scope \(action.text)"
        case .deniedByPolicy: "policy violation: \(action.permission.rawValue) is withheld"
        case .allowed, .beyondOwner: "needs \(action.permission.rawValue)"
        }
    }

    /// Writes that an identified caller was refused; a failure to write is logged.
    package func recordDenial(
        of action: String,
        to caller: Caller,
        target: AuditTarget?,
        reason: String
    ) async {
        let event = caller.auditEvent(
            id: ids.next(),
            at: now(),
            action: action,
            target: target,
            outcome: .denied,
            reason: reason
        )
        do {
            try await database.write { tx in try AuditStore.append(event, in: tx) }
        } catch {
            logger.error("A denial could not be audited", metadata: ["action": "\(action)", "error": "\(error)"])
        }
    }
}

extension ControlPlaneError {
    /// The refusal that a decision is told as; `nil` if it is none.
    init?(_ decision: TokenAccess.Decision, _ action: ScopeAction) {
        let permission = action.permission.rawValue
        switch decision {
        case .allowed:
            return nil
        case .outOfScope:
            self.init(
                .insufficientScope,
                "This needs a token with the scope \(action.text).",
                details: ["scope": .string(action.text)]
            )
        case .beyondOwner:
            self.init(
                .permissionDenied,
                "This needs the permission \(permission).",
                details: ["permission": .string(permission)]
            )
        case .deniedByPolicy:
            self.init(
                .permissionDenied,
                "A policy of the organization withholds the permission \(permission).",
                details: ["permission": .string(permission)]
            )
        }
    }
}
