internal import Domain
internal import SQLDatabase
internal import Store

/// The use cases behind one order of a maintainer, in earnest or as a dry run.
struct IdentityDesk: Sendable {
    let context: ControlPlaneContext
    let channels: ChannelService
    let routes: RouteActions
    let caller: Caller
    let isDryRun: Bool

    private var accounts: ServiceAccountService { ServiceAccountService(context: context, routes: routes) }
    private var tokens: TokenService { TokenService(context: context, routes: routes) }
    private var agents: AgentService { AgentService(context: context, channels: channels) }

    // MARK: Looking

    func view(_ id: IdentityID) async throws(ControlPlaneError) -> IdentityView {
        switch id {
        case .service(let id):
            let account = try await accounts.get(id, caller: caller)
            let tokens = try await tokens(of: id)
            let targets = [AuditTarget.serviceAccount(id)] + tokens.map { .token($0.token.id) }
            return IdentityView(subject: .service(account), tokens: tokens, events: try await events(of: targets))
        case .agent(let id):
            let agent = try await agents.get(id, caller: caller)
            return IdentityView(subject: .agent(agent), events: try await events(of: [.agent(id)]))
        }
    }

    private func tokens(
        of id: ServiceAccountID,
        states: [APIToken.State]? = nil
    ) async throws(ControlPlaneError) -> [TokenView] {
        var query = APITokenQuery(limit: IdentityService.maximumTokens)
        query.owner = .serviceAccount(id)
        query.states = states
        return try await tokens.list(query, caller: caller).items
    }

    /// The newest events of any of them; from where something was done is for who reads the audit trail.
    private func events(of targets: [AuditTarget]) async throws(ControlPlaneError) -> [AuditEvent] {
        let organization = caller.organizationID
        let isAuditor = caller.decide(.auditRead) == .allowed
        let limit = IdentityService.maximumEvents
        let found = try await context.read { tx in
            try targets.flatMap { target in
                var filter = AuditFilter()
                filter.target = target
                return try AuditStore.list(organization: organization, filter: filter, limit: limit, in: tx).elements
            }
        }
        return found.sorted { ($0.time, $0.id) > ($1.time, $1.id) }.prefix(limit).map { event in
            var event = event
            if !isAuditor { (event.address, event.userAgent) = (nil, nil) }
            return event
        }
    }

    // MARK: Making

    /// Account and token in one transaction.
    func create(
        _ account: ServiceAccountDraft,
        _ token: APITokenDraft
    ) async throws(ControlPlaneError) -> IdentityOutcome {
        try await context.authorize(caller, .serviceAccountsCreate, as: "service_account.create")
        try await context.authorize(caller, .serviceAccountsIssue, as: "token.create")
        let change = ServiceAccountChange(context, caller: caller, action: "service_account.create", reason: nil)
        let id = context.ids.next(ServiceAccountID.self)
        let making = try TokenMaking(context, owner: .serviceAccount(id), caller: caller)
        let (caller, routes) = (caller, routes.all)
        let made = try await context.changeAccess(as: "identity.create", target: nil, caller: caller) { tx in
            let made = try change.create(id, account, in: tx).orViolation()
            return (made, try making.perform(token, by: caller, routes: routes, in: tx).orViolation())
        }
        let (view, issued) = made
        let scopes = issued.token.profile.scopes.texts.joined(separator: ", ")
        let plan = [
            "Create the service account “\(view.account.name)” with the role \(view.account.roleName).",
            "Create its token “\(issued.token.profile.name)” with \(scopes), which \(issued.token.current.end).",
        ]
        guard !isDryRun else { return IdentityOutcome(plan: plan, identity: nil) }
        return IdentityOutcome(
            plan: plan,
            identity: try await self.view(.service(id)),
            secret: making.text,
            secretExpiresAt: issued.token.current.expiresAt
        )
    }

    func create(_ draft: AgentDraft) async throws(ControlPlaneError) -> IdentityOutcome {
        let grant = try await agents.create(draft, caller: caller)
        let plan = [
            "Create the agent “\(grant.agent.agent.profile.slug)”.",
            "Create its install token, which works once and ends at \(grant.expiresAt.rfc3339).",
        ]
        guard !isDryRun else { return IdentityOutcome(plan: plan, identity: nil) }
        return IdentityOutcome(
            plan: plan,
            identity: try await view(.agent(grant.agent.agent.id)),
            secret: grant.token,
            secretExpiresAt: grant.expiresAt
        )
    }

    // MARK: Changing

    func carryOut(
        _ deed: IdentityDeed,
        on id: ServiceAccountID,
        reason: String?
    ) async throws(ControlPlaneError) -> IdentityOutcome {
        let before = try await view(.service(id))
        let count = "its tokens (\(try await accounts.get(id, caller: caller).tokens))"
        switch deed {
        case .rotate(let token, let grace):
            let usable = try await tokens(of: id, states: [.live, .paused, .suspended])
            let chosen = try Self.chosen(token, of: usable)
            return try await rotate(chosen, ofAccount: id, before, grace: grace, reason: reason)
        case .pause:
            _ = try await accounts.pause(id, reason: reason, caller: caller)
            let plan = "Pause \(before.name): \(count) are refused until it is resumed."
            return IdentityOutcome(plan: [plan], identity: try await view(.service(id)))
        case .resume:
            _ = try await accounts.resume(id, reason: reason, caller: caller)
            let plan = "Resume \(before.name): \(count) work again."
            return IdentityOutcome(plan: [plan], identity: try await view(.service(id)))
        case .revoke:
            try await accounts.delete(id, reason: reason, caller: caller)
            let plan = "Delete \(before.name) for ever, and revoke \(count)."
            return IdentityOutcome(plan: [plan], identity: isDryRun ? before : nil)
        }
    }

    private func rotate(
        _ token: CredentialID,
        ofAccount id: ServiceAccountID,
        _ before: IdentityView,
        grace: Duration?,
        reason: String?
    ) async throws(ControlPlaneError) -> IdentityOutcome {
        let receipt = try await tokens.rotate(token, grace: grace, reason: reason, caller: caller)
        guard case .rotated(let grant) = receipt else { throw .notFound("token") }
        let after = grant.view.token
        let old = after.previous.map { "works until \($0.validUntil.rfc3339)" } ?? "ends at once"
        let plan = "Give the token “\(after.profile.name)” of \(before.name) a new text; the old one \(old)."
        guard !isDryRun else { return IdentityOutcome(plan: [plan], identity: before) }
        return IdentityOutcome(
            plan: [plan],
            identity: try await view(.service(id)),
            secret: grant.token,
            secretExpiresAt: after.current.expiresAt
        )
    }

    /// The token that is meant; without a word that is the only one there is.
    private static func chosen(
        _ wanted: CredentialID?,
        of tokens: [TokenView]
    ) throws(ControlPlaneError) -> CredentialID {
        let ids = tokens.map(\.token.id)
        if let wanted {
            guard ids.contains(wanted) else { throw .notFound("token") }
            return wanted
        }
        guard let only = ids.first else {
            throw ControlPlaneError(.illegalTransition, "The account has no token that could be rotated; create one.")
        }
        guard ids.count == 1 else {
            let list = tokens.map { "\($0.token.id.text) (\($0.token.profile.name))" }.joined(separator: ", ")
            throw .invalid([FieldFault(path: "/token", message: "must name one of the account's tokens: \(list)")])
        }
        return only
    }

    func carryOut(
        _ deed: IdentityDeed,
        on id: AgentID,
        reason: String?
    ) async throws(ControlPlaneError) -> IdentityOutcome {
        let before = try await view(.agent(id))
        let plan: String
        switch deed {
        case .rotate(let token, let grace):
            guard token == nil, grace == nil else {
                let message = "belongs to service accounts: an agent has one token, and the server's grace"
                throw .invalid([FieldFault(path: token == nil ? "/grace_period_seconds" : "/token", message: message)])
            }
            // It goes on by itself: whoever asks isn't kept waiting for the agent.
            let request = RotationRequest(reason: reason, waitSeconds: 0)
            let rotations = RotationService(context: context, channels: channels)
            _ = try await rotations.rotate(id, request: request, caller: caller)
            plan = "Rotate the token of \(before.name); it is done while the agent is connected, or when it comes back."
        case .pause:
            _ = try await agents.pause(id, reason: reason, caller: caller)
            plan = "Pause \(before.name): it is disconnected, and refused until it is resumed."
        case .resume:
            _ = try await agents.resume(id, reason: reason, caller: caller)
            plan = "Resume \(before.name): its token works again."
        case .revoke:
            _ = try await agents.revoke(id, reason: reason, caller: caller)
            plan = "Kill every token of \(before.name) and disconnect it; only a reset brings it back."
        }
        return IdentityOutcome(plan: [plan], identity: try await view(.agent(id)))
    }
}

extension Result where Failure == PermissionExceedsOwner {
    /// The success; an attempt to give too much ends the transaction and is audited outside of it (ORG-7).
    fileprivate func orViolation() throws(ControlPlaneError) -> Success {
        switch self {
        case .success(let value): return value
        case .failure(let excess):
            throw AccessViolation("policy violation: \(excess.message)").error(.permissionExceedsOwner, excess.message)
        }
    }
}

extension ServiceAccount {
    /// The custom role if there is one, otherwise the role.
    fileprivate var roleName: String { customRole?.name ?? role.rawValue }
}

extension APIToken.Current {
    /// When it ends, as the end of a sentence.
    fileprivate var end: String { expiresAt.map { "ends at \($0.rfc3339)" } ?? "never ends" }
}
