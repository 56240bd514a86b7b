package import Domain
internal import FaultPoints
internal import SQLDatabase
internal import Store
internal import StrictJSON

/// Agents as operators and daemons see them: every operation authorises, changes and audits in one transaction.
///
/// Races between enrol, regenerate, revoke, delete and reset have exactly one winner, by compare-and-swap.
package struct AgentService: Sendable {
    let context: ControlPlaneContext
    let channels: ChannelService
    let authority: AgentAuthority

    package init(context: ControlPlaneContext, channels: ChannelService) {
        self.context = context
        self.channels = channels
        authority = AgentAuthority(context: context)
    }

    package func get(_ id: AgentID, caller: Caller) async throws(ControlPlaneError) -> AgentView {
        try await authority.require(.agentsRead, caller, as: "agent.read", agent: id)
        let view = viewing(of: caller)
        return try await context.read { tx in
            try view.view(of: try AgentAuthority.agent(id, for: caller, in: tx), in: tx)
        }
    }

    package func list(_ query: AgentQuery, caller: Caller) async throws(ControlPlaneError) -> Page<AgentView> {
        try await authority.require(.agentsRead, caller, as: "agent.list")
        try PageLimit.check(query.limit)
        guard let workspace = caller.workspaceID else { throw .notFound("workspace") }
        let view = viewing(of: caller)
        return try await context.read { tx in
            let page = try AgentStore.list(workspace: workspace, query: query, in: tx)
            let views = try page.elements.map { try view.view(of: $0.agent, presence: $0.presence, in: tx) }
            return Page(items: views, nextCursor: page.next?.id)
        }
    }

    package func events(
        _ id: AgentID,
        _ query: AgentEventQuery,
        caller: Caller
    ) async throws(ControlPlaneError) -> Page<AgentEvent> {
        try await authority.require(.agentsRead, caller, as: "agent.events", agent: id)
        try PageLimit.check(query.limit)
        return try await context.read { tx in
            let agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let page = try AgentEventStore.list(of: agent.id, query: query, in: tx)
            return Page(items: page.elements, nextCursor: page.next?.id)
        }
    }

    package func create(_ draft: AgentDraft, caller: Caller) async throws(ControlPlaneError) -> InstallTokenGrant {
        try await authority.require(.agentsCreate, caller, as: "agent.create")
        let profile = try Self.profile(draft)
        guard let organization = caller.organizationID, let workspace = caller.workspaceID else {
            throw .notFound("workspace")
        }
        let now = context.now()
        let agent = Agent(
            id: context.ids.next(),
            organizationID: organization,
            workspaceID: workspace,
            profile: profile,
            createdAt: now,
            createdBy: caller.actor,
            updatedAt: now
        )
        let install = newInstallToken(for: agent, now: now)
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let view = viewing(of: caller)
        let shown = try await context.write { tx in
            guard try AgentStore.insert(agent, in: tx) else { throw Self.slugTaken(profile.slug) }
            try CredentialStore.insert(install.credential, in: tx)
            try recorder.event(.created, of: agent, "Agent created.", in: tx)
            try recorder.audit("agent.create", of: agent, after: agent.profile.auditJSON, in: tx)
            return try view.view(of: agent, in: tx)
        }
        return InstallTokenGrant(agent: shown, token: install.token, expiresAt: install.expiresAt)
    }

    package func replace(
        _ id: AgentID,
        with draft: AgentDraft,
        caller: Caller
    ) async throws(ControlPlaneError) -> AgentView {
        try await rewrite(id, caller: caller) { _ in draft }
    }

    package func update(
        _ id: AgentID,
        _ change: AgentPatch,
        caller: Caller
    ) async throws(ControlPlaneError) -> AgentView {
        try await rewrite(id, caller: caller) { change.applied(to: $0) }
    }

    private func rewrite(
        _ id: AgentID,
        caller: Caller,
        _ draft: @escaping @Sendable (AgentProfile) -> AgentDraft
    ) async throws(ControlPlaneError) -> AgentView {
        try await authority.require(.agentsUpdate, caller, as: "agent.update", agent: id)
        let now = context.now()
        let recorder = AgentRecorder(context, caller: caller, now: now)
        let view = viewing(of: caller)
        return try await context.write { tx in
            var agent = try AgentAuthority.agent(id, for: caller, in: tx)
            let before = agent
            agent.profile = try Self.profile(draft(agent.profile))
            guard agent.profile != before.profile else { return try view.view(of: agent, in: tx) }
            let slug = agent.profile.slug
            guard try !AgentStore.isSlugTaken(slug, workspace: agent.workspaceID, except: id, in: tx) else {
                throw Self.slugTaken(slug)
            }
            agent.updatedAt = now
            agent.version += 1
            guard try AgentStore.update(agent, expectedVersion: before.version, in: tx) else {
                throw CredentialUnit.lostRace
            }
            try recorder.event(.updated, of: agent, "Agent changed.", in: tx)
            try recorder.audit(
                "agent.update",
                of: agent,
                before: before.profile.auditJSON,
                after: agent.profile.auditJSON,
                in: tx
            )
            return try view.view(of: agent, in: tx)
        }
    }

    // MARK: Parts

    static func profile(_ draft: AgentDraft) throws(ControlPlaneError) -> AgentProfile {
        switch draft.checked() {
        case .success(let profile): return profile
        case .failure(let faults): throw .invalid(faults.faults)
        }
    }

    private static func slugTaken(_ slug: String) -> ControlPlaneError {
        ControlPlaneError(
            .slugTaken,
            "Another agent of this workspace has this slug.",
            details: ["slug": .string(slug)]
        )
    }

    func viewing(of caller: Caller) -> AgentViewing {
        let policy = channels.policy(of: caller.organizationID)
        return AgentViewing(now: context.now(), policy: policy, channels: channels)
    }

    struct NewInstallToken: Sendable {
        let token: Token
        let credential: Credential
        let expiresAt: Instant
    }

    func newInstallToken(for agent: Agent, now: Instant) -> NewInstallToken {
        let token = Token.make(.install, random: context.random)
        let expiresAt = now + channels.settings().of(agent.organizationID).installTokenLife
        let credential = Credential(
            id: context.ids.next(),
            agentID: agent.id,
            organizationID: agent.organizationID,
            workspaceID: agent.workspaceID,
            kind: .install,
            current: Credential.Current(
                stamp: TokenStamp(hash: context.hasher.hash(token), prefix: token.prefix),
                issuedAt: now,
                expiresAt: expiresAt
            ),
            createdAt: now
        )
        return NewInstallToken(token: token, credential: credential, expiresAt: expiresAt)
    }
}
