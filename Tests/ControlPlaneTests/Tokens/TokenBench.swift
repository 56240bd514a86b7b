import ControlPlane
import Domain
import SQLDatabase
import Store
import Testing

/// A bench with an owner, and whatever other people and accounts a test asks for.
struct TokenBench {
    let bench: AccessBench
    let owner: Caller
    let tokens: TokenService

    static func run(_ body: (TokenBench) async throws -> Void) async throws {
        try await AccessBench.run { bench in
            let (_, owner) = try await bench.owner()
            let routes = RouteActions()
            let route = try #require(ScopeRoute(method: "GET", template: "/api/v1/agents/{id}"))
            routes.fill([route: .agentsRead])
            let tokens = TokenService(
                context: bench.context,
                limits: LimitService(context: bench.context),
                routes: routes
            )
            try await body(TokenBench(bench: bench, owner: owner, tokens: tokens))
        }
    }

    var organization: OrganizationID { get throws { try #require(owner.organizationID) } }
    var workspace: WorkspaceID { get throws { try #require(owner.workspaceID) } }

    /// Somebody who belongs to the owner's organization and workspace, as a caller with a session.
    func member(_ email: String, _ role: WorkspaceRole) async throws -> Caller {
        let (organization, workspace) = (try organization, try workspace)
        let (bench, now) = (bench, bench.clock.now())
        let address = try #require(EmailAddress(email))
        let user = UserAccount(
            id: bench.context.ids.next(),
            email: address,
            name: "Someone",
            passwordHash: nil,
            passwordChangedAt: nil,
            isServerAdministrator: false,
            createdAt: now,
            updatedAt: now
        )
        let ids: [MembershipID] = [bench.context.ids.next(), bench.context.ids.next()]
        try await bench.database.write { tx in
            _ = try UserStore.insert(user, in: tx)
            _ = try MembershipStore.insert(
                Membership(role: OrganizationRole.member, status: .active),
                id: ids[0],
                user: user.id,
                organization: organization,
                now: now,
                in: tx
            )
            _ = try MembershipStore.insert(
                Membership(role: role, status: .active),
                id: ids[1],
                user: user.id,
                organization: organization,
                workspace: workspace,
                now: now,
                in: tx
            )
        }
        return Caller(
            actor: Actor(kind: .user, id: user.id.text, name: email),
            organizationID: organization,
            workspaceID: workspace,
            requestID: "req-\(email)",
            surface: .api,
            rights: .holder(role.permissionSet)
        )
    }

    /// Changes what a member is in the workspace.
    func change(_ member: Caller, to membership: Membership<WorkspaceRole>) async throws {
        let (workspace, now) = (try workspace, bench.clock.now())
        let user = try #require(member.actor.id.flatMap { UserID($0) })
        try await bench.database.write { tx in
            _ = try MembershipStore.change(to: membership, user: user, workspace: workspace, now: now, in: tx)
        }
    }

    func account(
        _ name: String,
        _ role: WorkspaceRole,
        in workspace: WorkspaceID? = nil
    ) async throws -> ServiceAccount {
        let account = ServiceAccount(
            id: bench.context.ids.next(),
            organizationID: try organization,
            workspaceID: try workspace ?? self.workspace,
            name: name,
            role: role,
            createdBy: owner.actor,
            createdAt: bench.clock.now()
        )
        try await bench.database.write { _ = try ServiceAccountStore.insert(account, in: $0) }
        return account
    }

    func setPolicy(_ policy: OrganizationPolicy) async throws {
        let (organization, now) = (try organization, bench.clock.now())
        try await bench.database.write { tx in
            let version = try PolicyStore.get(of: organization, in: tx).version
            _ = try PolicyStore.put(policy, of: organization, expectedVersion: version, by: nil, now: now, in: tx)
        }
    }

    func create(
        _ name: String = "deploy",
        _ scopes: [String] = ["agents:read"],
        addresses: [String] = [],
        expiry: APITokenDraft.Expiry = .days(30),
        for choice: TokenOwnerChoice = .caller,
        by caller: Caller? = nil
    ) async throws -> TokenGrant {
        let draft = APITokenDraft(name: name, scopes: scopes, addresses: addresses, expiry: expiry)
        return try await tokens.create(draft, for: choice, caller: caller ?? owner)
    }

    /// Shows a token's text at a route.
    func show(
        _ token: Token,
        from address: String = "192.0.2.1",
        at route: ScopeRoute? = nil,
        doing action: ScopeAction = .agentsRead
    ) async throws -> Caller {
        try await bench.authentication.authenticate(
            bearer: token.revealed(),
            origin: bench.stranger(address),
            route: route,
            action: action
        )
    }

    /// The denials in the audit trail, newest first.
    func denials() async throws -> [AuditEvent] {
        try await bench.events(try organization).filter { $0.outcome == .denied }
    }
}

extension TokenRotationReceipt {
    var grant: TokenGrant? {
        guard case .rotated(let grant) = self else { return nil }
        return grant
    }
}
