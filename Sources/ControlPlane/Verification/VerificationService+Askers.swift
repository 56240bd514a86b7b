package import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

extension VerificationService {
    /// Who asks: a credential with `tokens:verify`, of an organization (TOK-5).
    ///
    /// Asking costs the asker nothing: the limits of the token that is asked about count. `choice` is for which of their
    /// organizations a person asks.
    package func asker(
        bearer: String,
        origin: Caller,
        route: ScopeRoute?,
        at choice: PlaceChoice = .own
    ) async throws(ControlPlaneError) -> (caller: Caller, organization: OrganizationID) {
        let caller = try await authentication.authenticate(
            bearer: bearer,
            origin: origin,
            route: route,
            action: .tokensVerify,
            at: choice
        )
        let decision = caller.decide(.tokensVerify)
        guard decision == .allowed, let organization = caller.organizationID else {
            await context.noteConflict(decision, of: .tokensVerify, by: caller)
            denials.record(action: "token.verify", code: .insufficientScope, caller: caller)
            guard case .token = caller.rights else {
                throw ControlPlaneError(.permissionDenied, "You need the permission tokens:verify.")
            }
            throw ControlPlaneError(
                .insufficientScope,
                "This needs a token with the scope tokens:verify.",
                details: ["scope": .string(ScopeAction.tokensVerify.text)]
            )
        }
        return (caller, organization)
    }

    /// Revokes the live token that is shown, and nothing else; answers whether it did (RFC 7009).
    ///
    /// Whoever holds a token's text may end it, so that no scope of the token's own is needed. One of another
    /// organization, or one that is not live, is left alone without a word.
    package func revoke(_ text: String, caller: Caller) async throws(ControlPlaneError) -> Bool {
        guard let organization = caller.organizationID, let token = try? Token(parsing: text) else { return false }
        let (hashes, now, eventID) = (context.hasher.candidates(token), context.now(), context.ids.next() as EventID)
        let hash = context.hasher.hash(token).hash
        let source = caller.credentialID?.text ?? caller.address
        try context.lookups.check(hash, address: source, at: now)
        let isRevoked: Bool
        switch token.kind {
        case .personal, .service:
            isRevoked = try await context.writeUrgently { tx in
                try Self.revoke(hashes, organization, by: caller, eventID, now: now, in: tx)
            }
        case .session:
            isRevoked = try await context.writeUrgently { tx in
                try Self.endSession(hashes, organization, by: caller, eventID, now: now, in: tx)
            }
        default: return false
        }
        context.lookups.note(isKnown: isRevoked, hash, address: source, at: now)
        return isRevoked
    }

    private static func revoke(
        _ hashes: [StoredHash],
        _ organization: OrganizationID,
        by caller: Caller,
        _ eventID: EventID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        for candidate in hashes {
            guard let id = try APITokenStore.find(candidate.hash, in: tx)?.token.id else { continue }
            try APITokenStore.lock(id, in: tx)
            guard let (token, text) = try APITokenStore.find(candidate.hash, in: tx),
                token.organizationID == organization, token.state == .live
            else { return false }
            let record = try TokenSurroundings(of: token, in: tx).record(of: token)
            // From where it is shown doesn't matter to who wants it dead.
            var anywhere = record
            anywhere.addresses = []
            anywhere.lacksAddresses = false
            guard case .valid = TokenVerdict.check(anywhere, TokenUse(text: text, address: .unknown), now: now) else {
                return false
            }
            var machine = TokenStateMachine(token)
            guard machine.revoke(now: now) else { return false }
            try machine.save(over: token, now: now, in: tx)
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "token.revoke",
                target: .token(id),
                reason: "shown at /oauth2/revoke",
                before: token.state.auditJSON,
                after: machine.token.state.auditJSON
            )
            try AuditStore.append(event, in: tx)
            return true
        }
        return false
    }

    private static func endSession(
        _ hashes: [StoredHash],
        _ organization: OrganizationID,
        by caller: Caller,
        _ eventID: EventID,
        now: Instant,
        in tx: borrowing Transaction
    ) throws -> Bool {
        for candidate in hashes {
            guard let session = try SessionStore.find(candidate.hash, in: tx) else { continue }
            let belongs = try MembershipStore.organizations(of: session.userID, in: tx)
                .contains { $0.organization == organization }
            guard belongs, session.endedAt == nil, now < session.expiresAt,
                try SessionStore.end(session.id, reason: "revoked", now: now, in: tx)
            else { return false }
            let event = caller.auditEvent(
                id: eventID,
                at: now,
                action: "session.end",
                target: AuditTarget(kind: "session", id: session.id.text),
                reason: "shown at /oauth2/revoke"
            )
            try AuditStore.append(event, in: tx)
            return true
        }
        return false
    }
}
