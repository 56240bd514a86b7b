internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// The transaction that changes a token, with everything that was made before it.
struct TokenChange: Sendable {
    /// What a token's state machine is told; whether it changed anything.
    typealias Event = @Sendable (inout TokenStateMachine, Instant, borrowing Transaction) throws -> Bool

    let id: CredentialID
    let deed: TokenAuthority.Deed
    let reason: String?
    let eventID: EventID
    /// Of the notice of a rotation that is demanded.
    let noticeID: NotificationID
    let now: Instant
    /// Makes every check and writes nothing.
    var isDryRun = false

    init(
        _ id: CredentialID,
        _ deed: TokenAuthority.Deed,
        reason: String?,
        _ context: ControlPlaneContext
    ) {
        self.id = id
        self.deed = deed
        self.reason = reason
        eventID = context.ids.next()
        noticeID = context.ids.next()
        now = context.now()
    }

    /// Lets the token's state machine take an event, and writes what came of it; an event that changed nothing leaves
    /// no trace.
    func perform(
        by caller: Caller,
        routes: [ScopeRoute: ScopeAction],
        in tx: borrowing Transaction,
        _ event: Event
    ) throws -> TokenView {
        let before = try TokenAuthority.token(id, for: caller, doing: deed, in: tx)
        var machine = TokenStateMachine(before)
        let isChanged: Bool
        do {
            isChanged = try event(&machine, now, tx)
        } catch let refusal as TokenEventRefusal {
            throw ControlPlaneError(refusal)
        }
        if isChanged, !isDryRun {
            let after = machine.token
            try machine.save(over: before, now: now, in: tx)
            let isDemand = deed == .rotate && after.generation == before.generation
            let name = isDemand ? Self.demand : deed.name
            if isDemand, let deadline = after.rotationRequiredBy {
                let notice = Notification.rotationRequired(of: after, by: deadline, id: noticeID, at: now)
                try NotificationStore.insert(notice, in: tx)
            }
            try audit(name, by: caller, before: before.auditLife(for: deed), after: after.auditLife(for: deed), in: tx)
        }
        return try TokenView(machine.token, for: caller, routes: routes, now: now, in: tx)
    }

    /// Changes what people wrote; the failure is an attempt to give too much (ORG-7).
    func rewrite(
        by caller: Caller,
        routes: [ScopeRoute: ScopeAction],
        in tx: borrowing Transaction,
        _ patch: (APIToken) -> APITokenPatch
    ) throws -> Result<TokenView, PermissionExceedsOwner> {
        let before = try TokenAuthority.token(id, for: caller, doing: deed, in: tx)
        guard before.state != .revoked else {
            throw ControlPlaneError(
                .illegalTransition,
                "A token that is revoked can't be changed.",
                details: ["current_state": .string(before.state.rawValue)]
            )
        }
        let draft = patch(before).draft(over: before)
        var token = before
        token.profile = try draft.checked(for: caller, keeping: before, now: now, in: tx).profile
        try token.settleLimits(over: before, by: caller, in: tx)
        let access = try EffectiveAccess.load(token.owner, token.organizationID, token.workspaceID, in: tx)
        if let gained = ScopeSet(token.profile.scopes.scopes.filter { !before.profile.scopes.scopes.contains($0) }) {
            let grantor = try caller.grantor(at: token.workspaceID, in: tx)
            do throws(PermissionExceedsOwner) {
                try grantor.check(giving: gained, owner: access.permissions, routes: routes)
            } catch {
                return .failure(error)
            }
        }
        let organization = token.organizationID
        let isTaken = try APITokenStore.isNameTaken(
            token.profile.name,
            owner: token.owner,
            organization: organization,
            except: id,
            in: tx
        )
        guard !isTaken else { throw ControlPlaneError.nameTaken("token") }
        let policy = try PolicyStore.get(of: organization, in: tx).policy
        guard policy.acceptsAddresses(token.profile.addresses, kind: token.kind) else {
            let message = "must name at least one address: the organization's policy requires it"
            throw ControlPlaneError.invalid([FieldFault(path: "/addresses", message: message)])
        }
        if token.profile != before.profile { token.version += 1 }
        if token.profile != before.profile, !isDryRun {
            guard try APITokenStore.update(token, expectedVersion: before.version, now: now, in: tx) else {
                throw ControlPlaneError(.versionConflict, "Somebody else changed the token in the same moment.")
            }
            let (old, new) = (before.profile.auditJSON, token.profile.auditJSON)
            try audit(deed.name, by: caller, before: old, after: new, in: tx)
        }
        return .success(try TokenView(token, for: caller, routes: routes, now: now, in: tx))
    }

    /// What the audit trail calls a rotation that is demanded of somebody else, and not carried out.
    static let demand = "token.require_rotation"

    private func audit(
        _ action: String,
        by caller: Caller,
        before: String,
        after: String,
        in tx: borrowing Transaction
    ) throws {
        let event = caller.auditEvent(
            id: eventID,
            at: now,
            action: action,
            target: .token(id),
            reason: reason,
            before: before,
            after: after
        )
        try AuditStore.append(event, in: tx)
    }
}

extension APITokenPatch {
    /// The whole definition that the patch makes of a token's.
    fileprivate func draft(over token: APIToken) -> APITokenDraft {
        let profile = token.profile
        return APITokenDraft(
            name: name.applied(to: profile.name) ?? "",
            description: description.applied(to: profile.description) ?? "",
            scopes: scopes.applied(to: profile.scopes.texts) ?? [],
            tags: tags.applied(to: profile.tags) ?? [],
            addresses: addresses.applied(to: profile.addresses.map(\.text)) ?? [],
            serves: serves.applied(to: profile.serves),
            limits: limits.applied(to: profile.limits?.figures) ?? LimitFigures(),
            expiry: .none
        )
    }
}

extension ControlPlaneError {
    /// Why a token can't take an event.
    init(_ refusal: TokenEventRefusal) {
        switch refusal {
        case .notIn(let state, let event):
            self.init(
                .illegalTransition,
                "A token that is \(state.rawValue) can't be changed this way (\(event.rawValue)).",
                details: ["current_state": .string(state.rawValue)]
            )
        case .graceOutOfRange(let range):
            let message = "must be \(range.lowerBound) to \(range.upperBound) seconds"
            self = .invalid([FieldFault(path: "/grace_period_seconds", message: message)])
        case .collectedByOwner:
            self = AccessViolation("only its owner may have the new text")
                .error(.permissionDenied, "Only its owner may have the new text.")
        }
    }
}
