package import Domain
internal import SQLDatabase
package import Store
internal import StrictJSON

/// Personal and service tokens: create, read, change, pause, rotate, revoke (TOK-1, TOK-4, ROT-13).
///
/// Nobody can make one wider than themselves and its owner (ORG-7), and no answer but that of creation and rotation
/// holds a text.
package struct TokenService: Sendable {
    let context: ControlPlaneContext
    let authority: TokenAuthority
    let limits: LimitService?
    private let routes: RouteActions

    /// What each route of the server does now.
    var routeActions: [ScopeRoute: ScopeAction] { routes.all }

    /// `limits`: what counts the tokens' use on this node; without it details tell of none.
    package init(context: ControlPlaneContext, limits: LimitService? = nil, routes: RouteActions) {
        self.context = context
        self.limits = limits
        self.routes = routes
        authority = TokenAuthority(context: context)
    }

    /// Creates a token for the caller or for a service account of their workspace.
    package func create(
        _ draft: APITokenDraft,
        for choice: TokenOwnerChoice,
        caller: Caller
    ) async throws(ControlPlaneError) -> TokenGrant {
        let (owner, action) = try owner(choice, caller)
        try await context.authorize(caller, action, as: "token.create")
        let making = try TokenMaking(context, owner: owner, caller: caller)
        let routes = routeActions
        let outcome = try await context.changeAccess(as: "token.create", target: nil, caller: caller) { tx in
            try making.perform(draft, by: caller, routes: routes, in: tx)
        }
        switch outcome {
        case .success(let view):
            return TokenGrant(view: view, token: making.text)
        case .failure(let excess):
            throw await authority.refusal(excess, to: caller, action: "token.create", target: nil)
        }
    }

    /// One token, if the caller may see it.
    package func get(_ id: CredentialID, caller: Caller) async throws(ControlPlaneError) -> TokenView {
        try await context.authorize(caller, .tokensRead, as: "token.read", target: .token(id))
        let (routes, now) = (routeActions, context.now())
        return try await context.read { tx in
            let token = try TokenAuthority.token(id, for: caller, in: tx)
            return try TokenView(token, for: caller, routes: routes, now: now, in: tx)
        }
    }

    /// The tokens that the caller may see, newest first (TOK-6).
    package func list(_ query: APITokenQuery, caller: Caller) async throws(ControlPlaneError) -> Page<TokenView> {
        try await context.authorize(caller, .tokensRead, as: "token.list")
        try PageLimit.check(query.limit)
        guard let organization = caller.organizationID else { throw .notFound("organization") }
        let asked = query.narrowed(to: caller)
        let (routes, now) = (routeActions, context.now())
        return try await context.read { tx in
            let page = try APITokenStore.list(organization: organization, query: asked, in: tx)
            let views = try page.elements.map { try TokenView($0, for: caller, routes: routes, now: now, in: tx) }
            return Page(items: views, nextCursor: page.next?.id)
        }
    }

    /// The recommended beginnings for tokens of common uses (TOK-9).
    package func templates(caller: Caller) async throws(ControlPlaneError) -> [TokenTemplate] {
        try await context.authorize(caller, .tokensRead, as: "token.templates")
        return TokenTemplate.all
    }

    /// A personal token for who is signed in or shows one; a service token for who manages accounts.
    private func owner(
        _ choice: TokenOwnerChoice,
        _ caller: Caller
    ) throws(ControlPlaneError) -> (APIToken.Owner, ScopeAction) {
        switch choice {
        case .serviceAccount(let id): return (.serviceAccount(id), .serviceAccountsIssue)
        case .caller:
            guard caller.actor.kind == .user, let id = caller.actor.id.flatMap({ UserID($0) }) else {
                throw ControlPlaneError(.wrongCredentialKind, "Only a person can have personal tokens.")
            }
            return (.user(id), .tokensCreate)
        }
    }
}

extension APITokenQuery {
    /// Whoever may not see others' tokens lists their own.
    fileprivate func narrowed(to caller: Caller) -> APITokenQuery {
        var query = self
        if caller.decide(.auditRead) == .allowed { return query }
        query.workspace = caller.workspaceID
        if caller.decide(.tokensManage) == .allowed { return query }
        let own = caller.actor.tokenOwner
        if own == nil || query.owner.map({ $0 != own }) ?? false { query.states = [] }
        query.owner = own
        return query
    }
}

extension Actor {
    /// Whose tokens are one's own.
    fileprivate var tokenOwner: APIToken.Owner? {
        switch kind {
        case .user: id.flatMap { UserID($0) }.map { .user($0) }
        case .service: id.flatMap { ServiceAccountID($0) }.map { .serviceAccount($0) }
        case .agent, .system, .host, .anonymous: nil
        }
    }
}

extension AuditTarget {
    static func token(_ id: CredentialID) -> AuditTarget { AuditTarget(kind: "token", id: id.text) }
}

extension TokenView {
    /// Reads what belongs to a token, as far as the caller may see it.
    init(
        _ token: APIToken,
        for caller: Caller,
        routes: [ScopeRoute: ScopeAction],
        now: Instant,
        in tx: borrowing Transaction
    ) throws {
        let use = try TokenUseStore.last(of: token.id, in: tx)
        let around = try TokenSurroundings(of: token, in: tx)
        self.init(
            token: token,
            ownerName: try token.owner.name(in: tx),
            lastUsedAt: use?.time,
            lastAddress: caller.maySeeAddresses(of: token) ? use?.address : nil,
            access: around.record(of: token).access,
            outOfPolicy: around.policy.outOfPolicy(token, roles: around.owner.roles, routes: routes, now: now)
        )
    }
}

extension APIToken.Owner {
    /// A person's address, a service account's name.
    func name(in tx: borrowing Transaction) throws -> String? {
        switch self {
        case .user(let id): try UserStore.get(id, in: tx)?.email.text
        case .serviceAccount(let id): try ServiceAccountStore.get(id, in: tx)?.name
        }
    }
}
