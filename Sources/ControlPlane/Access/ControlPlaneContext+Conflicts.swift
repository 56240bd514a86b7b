package import Domain
internal import Logging
internal import SQLDatabase
internal import Store

extension ControlPlaneContext {
    /// Logs that a token was used for a right that its scopes name and its owner or a policy withholds: a policy
    /// violation, once per token, permission and day (ORG-8).
    ///
    /// `decision` is why it was refused; one that is no conflict leaves no trace.
    package func noteConflict(
        _ decision: TokenAccess.Decision,
        of permission: Permission,
        by caller: Caller
    ) async {
        guard case .token = caller.rights, let token = caller.credentialID, let kind = decision.conflict else { return }
        await note(kind, of: permission, token, by: caller)
    }

    /// The same where somebody else asks about a token: a scope that it has, and that its owner or a policy withholds.
    ///
    /// A scope of the organization's own API stands for no permission, and leaves no trace here.
    func noteConflict(_ conflict: AccessConflict, of token: IndexedToken, from address: IPAddress?) async {
        guard let permission = conflict.permission, token.owner != nil else { return }
        let caller = Caller(
            actor: token.actor,
            organizationID: token.record.organizationID,
            workspaceID: token.workspaceID,
            credentialID: token.id,
            credentialPrefix: token.prefix,
            address: address?.description,
            requestID: "",
            surface: .api,
            rights: .holder([])
        )
        await note(conflict.kind, of: permission, token.id, by: caller)
    }

    private func note(
        _ kind: AccessConflict.Kind,
        of permission: Permission,
        _ token: CredentialID,
        by caller: Caller
    ) async {
        let now = now()
        guard conflicts.isDue(token, permission, at: now) else { return }
        let event = caller.auditEvent(
            id: ids.next(),
            at: now,
            action: "access.conflict",
            target: .token(token),
            outcome: .denied,
            reason: "policy violation: \(permission.rawValue) \(kind.rawValue)",
            details: #"{"permission":"\#(permission.rawValue)","kind":"\#(kind.rawValue)"}"#
        )
        do {
            try await database.write { tx in
                guard try AccessConflictStore.note(token, permission, day: now.conflictDay, in: tx) else { return }
                try AuditStore.append(event, in: tx)
            }
        } catch {
            logger.error("A conflict of rights could not be audited", metadata: ["error": "\(error)"])
        }
    }
}

extension TokenAccess.Decision {
    fileprivate var conflict: AccessConflict.Kind? {
        switch self {
        case .allowed, .outOfScope: nil
        case .beyondOwner: .scopeBeyondOwner
        case .deniedByPolicy: .withheldByPolicy
        }
    }
}
