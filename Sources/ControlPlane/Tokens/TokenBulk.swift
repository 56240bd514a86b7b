package import Domain
internal import SQLDatabase
internal import Store

/// What is done to many tokens at once (TOK-6).
package enum TokenBulkDeed: Sendable, Hashable {
    case revoke
    /// Demands a rotation of each: nobody gets a text by it; owners, and who may rotate service tokens, collect them.
    case rotate
    /// Takes scopes away, or puts others in the place of all.
    case rescope(set: [String]?, remove: [String])
    case tag(add: [String], remove: [String])

    fileprivate var action: ScopeAction {
        switch self {
        case .revoke: .tokensBulkRevoke
        case .rotate: .tokensBulkRotate
        case .rescope: .tokensBulkRescope
        case .tag: .tokensBulkTag
        }
    }

    fileprivate var name: String {
        switch self {
        case .revoke: "token.bulk_revoke"
        case .rotate: "token.bulk_rotate"
        case .rescope: "token.bulk_rescope"
        case .tag: "token.bulk_tag"
        }
    }

    /// How many entries each of its lists may have: no token has more.
    package static let maximumEntries = 100

    /// Lists that are too long, by their fields: each entry is compared with those of every token that is found.
    fileprivate var faults: [FieldFault] {
        let lists: [(path: String, count: Int)] =
            switch self {
            case .revoke, .rotate: []
            case .rescope(let all, let removed): [("/scopes", all?.count ?? 0), ("/remove_scopes", removed.count)]
            case .tag(let added, let removed): [("/add_tags", added.count), ("/remove_tags", removed.count)]
            }
        return lists.filter { $0.count > Self.maximumEntries }.map { list in
            FieldFault(path: list.path, message: "must be at most \(Self.maximumEntries) entries")
        }
    }

    /// What it is to a single token.
    fileprivate var deed: TokenAuthority.Deed {
        switch self {
        case .revoke: .revoke
        case .rotate: .rotate
        case .rescope, .tag: .update
        }
    }
}

/// A request for many tokens.
package struct TokenBulkOrder: Sendable {
    package let deed: TokenBulkDeed
    /// Which tokens; its limit says how many are taken at once, at most 200.
    package let query: TokenQuery
    /// Only these, of those that the query finds.
    package let ids: [CredentialID]?
    package let isDryRun: Bool
    package let reason: String?

    package init(
        _ deed: TokenBulkDeed,
        _ query: TokenQuery,
        ids: [CredentialID]? = nil,
        isDryRun: Bool,
        reason: String?
    ) {
        self.deed = deed
        self.query = query
        self.ids = ids
        self.isDryRun = isDryRun
        self.reason = reason
    }
}

/// What became of one token of many, or would.
package struct TokenBulkLine: Sendable {
    package enum Outcome: Sendable {
        case changed
        case unchanged
        case refused(ControlPlaneError)
    }

    package let view: TokenView
    package let outcome: Outcome
}

extension TokenService {
    /// Does something to the tokens that a query finds, each judged by itself.
    ///
    /// One that may not be changed stops none of the others, and no answer holds a text. A dry run makes every check, writes nothing but a denied attempt, and tells what would happen.
    package func bulk(_ order: TokenBulkOrder, caller: Caller) async throws(ControlPlaneError) -> Page<TokenBulkLine> {
        let faults = order.deed.faults
        guard faults.isEmpty else { throw .invalid(faults) }
        let caller = order.isDryRun ? caller.marked(.dryRun) : caller
        try await context.authorize(caller, order.deed.action, as: order.deed.name)
        var query = order.query
        query.ids = order.ids
        let page = try await tokens(query, caller: caller)
        var lines: [TokenBulkLine] = []
        // The caller's own comes last: what it does to itself must not decide about the others.
        let own = page.items.filter { $0.token.id == caller.credentialID }
        for view in page.items.filter({ $0.token.id != caller.credentialID }) + own {
            lines.append(try await carryOut(order, on: view, caller: caller))
        }
        return Page(items: lines, nextCursor: page.nextCursor)
    }

    private func carryOut(
        _ order: TokenBulkOrder,
        on view: TokenView,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenBulkLine {
        let id = view.token.id
        var change = TokenChange(id, order.deed.deed, reason: order.reason, context)
        change.isDryRun = order.isDryRun
        do throws(ControlPlaneError) {
            try checkRight(order, view.token, caller: caller)
            let after = try await perform(order.deed, change, caller: caller)
            let isChanged = after.token.version != view.token.version
            return TokenBulkLine(view: after, outcome: isChanged ? .changed : .unchanged)
        } catch {
            switch error.code {
            case .unavailable, .overloaded: throw error
            case .permissionExceedsOwner, .permissionDenied, .insufficientScope:
                let target = AuditTarget.token(id)
                let reason = (error.cause as? AccessViolation)?.reason ?? error.message
                await context.recordDenial(of: order.deed.name, to: caller, target: target, reason: reason)
            default: break
            }
            return TokenBulkLine(view: view, outcome: .refused(error))
        }
    }

    /// Managing others' tokens is asked for the whole; tokens of service accounts have rights of their own.
    private func checkRight(
        _ order: TokenBulkOrder,
        _ token: APIToken,
        caller: Caller
    ) throws(ControlPlaneError) {
        guard token.kind == .service else { return }
        let action = TokenAuthority.action(order.deed.deed, to: token, by: caller)
        guard caller.decide(action) == .allowed else {
            throw ControlPlaneError(.permissionDenied, "This needs the permission \(action.permission.rawValue).")
        }
    }

    private func perform(
        _ deed: TokenBulkDeed,
        _ change: TokenChange,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenView {
        let routes = routeActions
        switch deed {
        case .revoke:
            return try await run(change) { tx in
                try change.perform(by: caller, routes: routes, in: tx) { machine, now, _ in machine.revoke(now: now) }
            }
        case .rotate:
            return try await run(change) { tx in
                try change.perform(by: caller, routes: routes, in: tx) { machine, now, _ in
                    try machine.requireRotation(now: now)
                }
            }
        case .rescope, .tag:
            let outcome = try await run(change) { tx in
                try change.rewrite(by: caller, routes: routes, in: tx) { deed.patch(of: $0.profile) }
            }
            switch outcome {
            case .success(let view): return view
            case .failure(let excess):
                throw ControlPlaneError(
                    exceeding: excess,
                    cause: AccessViolation("policy violation: \(excess.message)")
                )
            }
        }
    }

    /// A dry run only reads; what ends tokens has to work on a full disk too (AUD-1).
    private func run<T: Sendable>(
        _ change: TokenChange,
        _ body: @escaping @Sendable (borrowing Transaction) throws -> T
    ) async throws(ControlPlaneError) -> T {
        if change.isDryRun { return try await context.read(body) }
        return change.deed.isUrgent ? try await context.writeUrgently(body) : try await context.write(body)
    }
}

extension TokenBulkDeed {
    /// The change that it makes of what people wrote of one token.
    fileprivate func patch(of profile: APITokenProfile) -> APITokenPatch {
        var patch = APITokenPatch()
        switch self {
        case .revoke, .rotate: break
        case .rescope(let all, let removed):
            let removed = Set(removed)
            patch.scopes = .set((all ?? profile.scopes.texts).filter { !removed.contains($0) })
        case .tag(let added, let removed):
            let removed = Set(removed)
            let kept = profile.tags.filter { !removed.contains($0) }
            let known = Set(kept)
            patch.tags = .set(kept + added.filter { !known.contains($0) })
        }
        return patch
    }
}
