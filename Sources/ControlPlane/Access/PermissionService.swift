package import Domain
internal import SQLDatabase
internal import Store

/// Explains effective permissions (ORG-8): of a member, of oneself, of a token.
package struct PermissionService: Sendable {
    private let context: ControlPlaneContext
    private let routes: RouteActions

    package init(context: ControlPlaneContext, routes: RouteActions) {
        self.context = context
        self.routes = routes
    }

    /// What a member may do in a workspace, by default the caller's.
    package func ofMember(
        _ id: MembershipID,
        in workspace: WorkspaceID?,
        caller: Caller
    ) async throws(ControlPlaneError) -> AccessExplanation {
        try await context.authorize(caller, .membersRead, as: "member.permissions", target: .member(id))
        let organization = try caller.requireOrganization()
        return try await context.read { tx in
            let member = try MemberService.member(id, organization, in: tx)
            if let workspace { _ = try WorkspaceService.workspace(workspace, for: caller, in: tx) }
            return try Self.explanation(
                .member(id),
                member.userID,
                organization,
                workspace ?? caller.workspaceID,
                in: tx
            )
        }
    }

    /// What the caller may do where they act.
    package func mine(caller: Caller) async throws(ControlPlaneError) -> AccessExplanation {
        let id = try caller.requireUser()
        let organization = try caller.requireOrganization()
        return try await context.read { tx in
            let subject = AuditTarget(kind: "user", id: id.text)
            return try Self.explanation(subject, id, organization, caller.workspaceID, in: tx)
        }
    }

    /// What a token may do now, for whoever may see it.
    package func ofToken(_ id: CredentialID, caller: Caller) async throws(ControlPlaneError) -> AccessExplanation {
        try await context.authorize(caller, .tokensRead, as: "token.permissions", target: .token(id))
        let routes = routes.all
        return try await context.read { tx in
            let token = try TokenAuthority.token(id, for: caller, in: tx)
            let around = try TokenSurroundings(of: token, in: tx)
            return AccessExplanation(
                of: token,
                owner: around.owner,
                around.record(of: token).access,
                routes: routes
            )
        }
    }

    private static func explanation(
        _ subject: AuditTarget,
        _ user: UserID,
        _ organization: OrganizationID,
        _ workspace: WorkspaceID?,
        in tx: borrowing Transaction
    ) throws -> AccessExplanation {
        let memberships = try Memberships(of: user, organization: organization, workspace: workspace, in: tx)
        let account = try UserStore.get(user, in: tx)
        // A person's standing on the server is no business of an organization's administrators (ORG-11).
        let showsServer = subject.kind == "user" && account?.isServerAdministrator == true
        let access =
            account?.state == .active
            ? EffectiveAccess(memberships, isServerAdministrator: showsServer)
            : EffectiveAccess(Memberships(organization: nil, workspace: nil))
        return AccessExplanation(of: subject, in: workspace, access)
    }
}
