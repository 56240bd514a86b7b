package import Domain
internal import SQLDatabase
internal import Store

/// Accounts of programs: they own service tokens, have a role of their own and outlive whoever made them (TOK-10).
///
/// Nobody gives one a role above their own rights (ORG-6).
package struct ServiceAccountService: Sendable {
    let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    package func create(
        _ draft: ServiceAccountDraft,
        caller: Caller
    ) async throws(ControlPlaneError) -> ServiceAccountView {
        try await context.authorize(caller, .serviceAccountsCreate, as: "service_account.create")
        let change = ServiceAccountChange(context, caller: caller, action: "service_account.create", reason: nil)
        let id = context.ids.next(ServiceAccountID.self)
        let outcome = try await context.write { tx in try change.create(id, draft, in: tx) }
        return try await told(outcome, change, target: nil)
    }

    package func get(_ id: ServiceAccountID, caller: Caller) async throws(ControlPlaneError) -> ServiceAccountView {
        let target = AuditTarget.serviceAccount(id)
        try await context.authorize(caller, .serviceAccountsRead, as: "service_account.read", target: target)
        return try await context.read { tx in
            try ServiceAccountView(try ServiceAccountChange.account(id, for: caller, in: tx), in: tx)
        }
    }

    /// The accounts of the caller's workspace that aren't deleted, newest first.
    package func list(
        limit: Int,
        after: ServiceAccountID?,
        caller: Caller
    ) async throws(ControlPlaneError) -> Page<ServiceAccountView> {
        try await context.authorize(caller, .serviceAccountsRead, as: "service_account.list")
        try PageLimit.check(limit)
        guard let workspace = caller.workspaceID else { throw .notFound("workspace") }
        return try await context.read { tx in
            let page = try ServiceAccountStore.list(workspace: workspace, after: after, limit: limit, in: tx)
            let views = try page.elements.map { try ServiceAccountView($0, in: tx) }
            return Page(items: views, nextCursor: page.next?.id)
        }
    }

    /// Changes what people wrote of an account, its role too; what its tokens lose by it is logged (ORG-8).
    package func update(
        _ id: ServiceAccountID,
        _ patch: ServiceAccountPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> ServiceAccountView {
        let change = ServiceAccountChange(context, caller: caller, action: "service_account.update", reason: nil)
        try await context.authorize(caller, .serviceAccountsUpdate, as: change.action, target: .serviceAccount(id))
        let routes = routes.all
        let outcome = try await context.write { tx -> Result<ServiceAccountView, PermissionExceedsOwner> in
            let before = try ServiceAccountChange.account(id, for: caller, in: tx)
            let draft = patch.draft(over: before)
            var account = before
            account.name = draft.name
            account.description = draft.description
            account.role = draft.role
            account.customRole = try change.customRole(draft, in: tx)
            try change.checkFields(of: account)
            guard account.accessRole != before.accessRole || account.role != before.role else {
                return .success(try change.save(account, over: before, in: tx))
            }
            return try change.giving(account, in: tx) { tx in
                let owners = [APIToken.Owner.serviceAccount(id)]
                let scan = ConflictScan(organization: account.organizationID, owners: owners, routes: routes)
                let conflicts = try scan.conflicts(in: tx)
                let view = try change.save(account, over: before, in: tx)
                try change.audit(scan, since: conflicts, of: id, in: tx)
                return view
            }
        }
        return try await told(outcome, change, target: .serviceAccount(id))
    }

    /// Pauses an account: none of its tokens works until it is resumed; idempotent.
    package func pause(
        _ id: ServiceAccountID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> ServiceAccountView {
        try await move(id, to: .paused, .serviceAccountsPause, "service_account.pause", reason, caller)
    }

    /// Lets a paused account's tokens work again; idempotent.
    package func resume(
        _ id: ServiceAccountID,
        reason: String?,
        caller: Caller
    ) async throws(ControlPlaneError) -> ServiceAccountView {
        try await move(id, to: .active, .serviceAccountsResume, "service_account.resume", reason, caller)
    }

    /// Deletes an account for ever and revokes its tokens with it.
    package func delete(
        _ id: ServiceAccountID,
        reason: String? = nil,
        caller: Caller
    ) async throws(ControlPlaneError) {
        _ = try await move(id, to: .deleted, .serviceAccountsDelete, "service_account.delete", reason, caller)
    }

    private func move(
        _ id: ServiceAccountID,
        to state: ServiceAccount.State,
        _ action: ScopeAction,
        _ name: String,
        _ reason: String?,
        _ caller: Caller
    ) async throws(ControlPlaneError) -> ServiceAccountView {
        try await context.authorize(caller, action, as: name, target: .serviceAccount(id))
        let change = ServiceAccountChange(context, caller: caller, action: name, reason: reason)
        return try await context.writeUrgently { tx in
            let before = try ServiceAccountChange.account(id, for: caller, in: tx)
            var account = before
            account.state = state
            if state == .deleted {
                // A role that only deleted accounts have had can be deleted itself.
                account.customRole = nil
                try change.revokeTokens(of: account, in: tx)
            }
            return try change.save(account, over: before, in: tx)
        }
    }

    /// What came of a change; an attempt to give too much is audited before its answer (ORG-7).
    private func told(
        _ outcome: Result<ServiceAccountView, PermissionExceedsOwner>,
        _ change: ServiceAccountChange,
        target: AuditTarget?
    ) async throws(ControlPlaneError) -> ServiceAccountView {
        switch outcome {
        case .success(let view): return view
        case .failure(let excess):
            let authority = TokenAuthority(context: context)
            throw await authority.refusal(excess, to: change.caller, action: change.action, target: target)
        }
    }
}
