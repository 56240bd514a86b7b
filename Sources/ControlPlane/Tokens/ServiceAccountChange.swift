internal import Domain
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// One change of a service account, with everything that was made before its transaction.
struct ServiceAccountChange: Sendable {
    let caller: Caller
    let action: String
    let now: Instant
    private let reason: String?
    private let ids: IDSource

    init(_ context: ControlPlaneContext, caller: Caller, action: String, reason: String?) {
        self.caller = caller
        self.action = action
        self.reason = reason
        now = context.now()
        ids = context.ids
    }

    /// The account, if it lies in the caller's workspace and isn't deleted; another answers like one that doesn't exist.
    ///
    /// A transaction that may change it has it for itself from here on.
    static func account(
        _ id: ServiceAccountID,
        for caller: Caller,
        in tx: borrowing Transaction
    ) throws -> ServiceAccount {
        if tx.isWritable { try ServiceAccountStore.lock(id, organization: caller.organizationID, in: tx) }
        guard let account = try ServiceAccountStore.get(id, organization: caller.organizationID, in: tx),
            account.workspaceID == caller.workspaceID, account.state != .deleted
        else { throw ControlPlaneError.notFound("service account") }
        return account
    }

    /// Makes an account in the caller's workspace; the failure is an attempt to give too much (ORG-7).
    func create(
        _ id: ServiceAccountID,
        _ draft: ServiceAccountDraft,
        in tx: borrowing Transaction
    ) throws -> Result<ServiceAccountView, PermissionExceedsOwner> {
        guard let organization = caller.organizationID, let workspace = caller.workspaceID else {
            throw ControlPlaneError.notFound("workspace")
        }
        let account = ServiceAccount(
            id: id,
            organizationID: organization,
            workspaceID: workspace,
            name: draft.name,
            description: draft.description,
            role: draft.role,
            customRole: try customRole(draft, in: tx),
            createdBy: caller.actor,
            createdAt: now
        )
        try checkFields(of: account)
        return try giving(account, in: tx) { tx in
            guard try ServiceAccountStore.insert(account, in: tx) else {
                throw ControlPlaneError.nameTaken("service account")
            }
            try audit(id, after: account.auditJSON, in: tx)
            return try ServiceAccountView(account, in: tx)
        }
    }

    func checkFields(of account: ServiceAccount) throws(ControlPlaneError) {
        let faults = ServiceAccount.faults(name: account.name, description: account.description)
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    /// The custom role that a draft names, of the caller's organization.
    func customRole(_ draft: ServiceAccountDraft, in tx: borrowing Transaction) throws -> CustomRole? {
        guard let id = draft.customRole else { return nil }
        guard let organization = caller.organizationID,
            let role = try CustomRoleStore.get(id, organization: organization, in: tx)
        else {
            throw ControlPlaneError.invalid([
                FieldFault(path: "/custom_role_id", message: "must be a custom role of the organization")
            ])
        }
        return role
    }

    /// Goes on if the caller holds all that the account's role gives: what acts on the whole organization in the
    /// organization, and the rest in the workspace.
    func giving(
        _ account: ServiceAccount,
        in tx: borrowing Transaction,
        _ body: (borrowing Transaction) throws -> ServiceAccountView
    ) throws -> Result<ServiceAccountView, PermissionExceedsOwner> {
        let grantor = try caller.grantor(in: tx)
        let wide = account.rolePermissions.intersection(.ofWholeOrganization)
        let standing = try CallerStanding(of: caller, organization: account.organizationID, in: tx)
        do throws(PermissionExceedsOwner) {
            try grantor.check(giving: account.rolePermissions)
            try Grantor.holder(standing.held).check(giving: wide)
        } catch {
            return .failure(error)
        }
        return .success(try body(tx))
    }

    /// Writes an account that changed; one that didn't leaves no trace.
    func save(
        _ changed: ServiceAccount,
        over before: ServiceAccount,
        in tx: borrowing Transaction
    ) throws -> ServiceAccountView {
        guard changed != before else { return try ServiceAccountView(before, in: tx) }
        let isTaken = try ServiceAccountStore.isNameTaken(
            changed.name,
            workspace: changed.workspaceID,
            except: changed.id,
            in: tx
        )
        if isTaken, changed.state != .deleted { throw ControlPlaneError.nameTaken("service account") }
        var account = changed
        account.version += 1
        guard try ServiceAccountStore.update(account, expectedVersion: before.version, now: now, in: tx) else {
            throw ControlPlaneError(.versionConflict, "Somebody else changed the account in the same moment.")
        }
        try audit(account.id, before: before.auditJSON, after: account.auditJSON, in: tx)
        return try ServiceAccountView(account, in: tx)
    }

    /// Revokes all tokens of an account, each with an event of its own.
    func revokeTokens(of account: ServiceAccount, in tx: borrowing Transaction) throws {
        let tokens = OwnerRevocation(caller: caller, reason: "its service account was deleted", now: now, ids: ids)
        try tokens.perform(of: .serviceAccount(account.id), in: account.organizationID, tx)
    }

    /// Writes down the conflicts of the account's tokens that the change made, if it made any.
    func audit(
        _ scan: ConflictScan,
        since before: Set<ConflictScan.Found>,
        of id: ServiceAccountID,
        in tx: borrowing Transaction
    ) throws {
        try scan.audit(since: before, target: .serviceAccount(id), by: caller, id: ids.next(), at: now, in: tx)
    }

    func audit(
        _ id: ServiceAccountID,
        before: String? = nil,
        after: String?,
        in tx: borrowing Transaction
    ) throws {
        let event = caller.auditEvent(
            id: ids.next(),
            at: now,
            action: action,
            target: .serviceAccount(id),
            reason: reason,
            before: before,
            after: after
        )
        try AuditStore.append(event, in: tx)
    }
}

extension AuditTarget {
    static func serviceAccount(_ id: ServiceAccountID) -> AuditTarget {
        AuditTarget(kind: "service_account", id: id.text)
    }
}

extension ServiceAccountView {
    /// Counts the tokens that belong to it.
    init(_ account: ServiceAccount, in tx: borrowing Transaction) throws {
        self.account = account
        tokens = try APITokenStore.count(
            of: .serviceAccount(account.id),
            organization: account.organizationID,
            in: tx
        )
    }
}

extension ServiceAccount {
    /// What audit keeps of an account.
    var auditJSON: String {
        let fields: JSONObject = [
            "name": .string(name),
            "description": .string(description),
            "role": .string(role.rawValue),
            "custom_role_id": customRole.map { .string($0.id.text) } ?? .null,
            "state": .string(state.rawValue),
        ]
        return JSONValue.object(fields).text
    }
}

extension APIToken.State {
    /// What an event of a token's life shows before and after it.
    var auditJSON: String { JSONValue.object(["state": .string(rawValue)]).text }
}

extension APIToken {
    /// What an event shows of a token's life before and after it; of a rotation also which text counts, until when it
    /// does, and by when the next one is demanded.
    func auditLife(for deed: TokenAuthority.Deed) -> String {
        guard deed == .rotate else { return state.auditJSON }
        let fields: JSONObject = [
            "state": .string(state.rawValue),
            "generation": .integer(generation),
            "expires_at": current.expiresAt.map { .string($0.rfc3339) } ?? .null,
            "previous_valid_until": previous.map { .string($0.validUntil.rfc3339) } ?? .null,
            "rotation_required_by": rotationRequiredBy.map { .string($0.rfc3339) } ?? .null,
        ]
        return JSONValue.object(fields).text
    }
}
