package import Domain

extension Caller {
    /// The audit event of something this caller did or was refused; free text loses whatever looks like a token.
    ///
    /// The id and the time are made before the transaction, for its body may run again.
    package func auditEvent(
        id: EventID,
        at time: Instant,
        action: String,
        target: AuditTarget?,
        outcome: AuditOutcome = .success,
        reason: String? = nil,
        before: String? = nil,
        after: String? = nil,
        details: String? = nil
    ) -> AuditEvent {
        AuditEvent(
            id: id,
            organizationID: organizationID,
            workspaceID: workspaceID,
            time: time,
            actor: Actor(kind: actor.kind, id: actor.id, name: actor.name.map { FreeText.cleaned($0) }),
            action: action,
            target: target,
            outcome: outcome,
            reason: reason.map { FreeText.cleaned($0) },
            surface: surface,
            mode: mode,
            address: address,
            userAgent: userAgent.map { FreeText.cleaned($0, limit: 500) },
            requestID: requestID,
            credentialID: credentialID,
            credentialPrefix: credentialPrefix,
            before: before.map(SecretRedaction.redact),
            after: after.map(SecretRedaction.redact),
            details: details.map(SecretRedaction.redact)
        )
    }
}
