package import Domain
internal import SQLDatabase
internal import Store

/// Machine identities for maintainers: service accounts with their tokens, and agents (CLI-2).
///
/// It carries out what the routes of accounts, tokens and agents carry out, with events of mode `setup`. Nobody gets an
/// answer who isn't a person with `workspace:manage` by an active membership; that is looked at before anything else.
package struct IdentityService: Sendable {
    /// How many tokens and events of an identity are shown at most.
    package static let maximumTokens = 50
    package static let maximumEvents = 20

    private let context: ControlPlaneContext
    private let channels: ChannelService
    private let routes: RouteActions

    package init(context: ControlPlaneContext, channels: ChannelService, routes: RouteActions) {
        self.context = context
        self.channels = channels
        self.routes = routes
    }

    /// The service accounts of the caller's workspace, newest first.
    package func accounts(
        limit: Int,
        after: ServiceAccountID?,
        caller: Caller
    ) async throws(ControlPlaneError) -> Page<IdentityView> {
        try await require(caller, as: "identity.list", of: nil)
        let page = try await ServiceAccountService(context: context, routes: routes)
            .list(limit: limit, after: after, caller: caller)
        let views = page.items.map { IdentityView(subject: .service($0)) }
        return Page(items: views, nextCursor: page.nextCursor)
    }

    /// The agents of the caller's workspace, newest first.
    package func agents(
        limit: Int,
        after: AgentID?,
        caller: Caller
    ) async throws(ControlPlaneError) -> Page<IdentityView> {
        try await require(caller, as: "identity.list", of: nil)
        let page = try await AgentService(context: context, channels: channels)
            .list(AgentQuery(limit: limit, after: after), caller: caller)
        return Page(items: page.items.map { IdentityView(subject: .agent($0)) }, nextCursor: page.nextCursor)
    }

    /// One identity with its tokens and what was done to it lately.
    package func inspect(_ id: IdentityID, caller: Caller) async throws(ControlPlaneError) -> IdentityView {
        try await require(caller, as: "identity.read", of: id)
        return try await desk(isDryRun: false, caller).view(id)
    }

    /// Makes a service account with its first token, both or neither, or an agent with its install token.
    package func create(
        _ draft: IdentityDraft,
        isDryRun: Bool,
        caller: Caller
    ) async throws(ControlPlaneError) -> IdentityOutcome {
        let desk = desk(isDryRun: isDryRun, caller)
        try await require(desk.caller, as: "identity.create", of: nil)
        return switch draft {
        case .service(let account, let token): try await desk.create(account, token)
        case .agent(let draft): try await desk.create(draft)
        }
    }

    /// Rotates, pauses, resumes or revokes an identity.
    package func carryOut(
        _ deed: IdentityDeed,
        on id: IdentityID,
        reason: String?,
        isDryRun: Bool,
        caller: Caller
    ) async throws(ControlPlaneError) -> IdentityOutcome {
        let desk = desk(isDryRun: isDryRun, caller)
        try await require(desk.caller, as: "identity.\(deed.name)", of: id)
        return switch id {
        case .service(let account): try await desk.carryOut(deed, on: account, reason: reason)
        case .agent(let agent): try await desk.carryOut(deed, on: agent, reason: reason)
        }
    }

    /// A service account is nobody's membership: only a person administers identities.
    private func require(_ caller: Caller, as name: String, of id: IdentityID?) async throws(ControlPlaneError) {
        try await context.authorize(caller, .workspaceManage, as: name, target: id?.target)
        guard caller.actor.kind == .user else {
            throw ControlPlaneError(.wrongCredentialKind, "Machine identities are administered by people only.")
        }
    }

    /// A dry run has channels of its own, without a connection that it could close.
    private func desk(isDryRun: Bool, _ caller: Caller) -> IdentityDesk {
        let context = isDryRun ? context.rehearsal : context
        return IdentityDesk(
            context: context,
            channels: isDryRun ? ChannelService(context: context, settings: channels.settings) : channels,
            routes: routes,
            caller: caller.marked(isDryRun ? .dryRun : .setup),
            isDryRun: isDryRun
        )
    }
}

extension IdentityDeed {
    /// What the audit trail calls it.
    fileprivate var name: String {
        switch self {
        case .rotate: "rotate"
        case .pause: "pause"
        case .resume: "resume"
        case .revoke: "revoke"
        }
    }
}
